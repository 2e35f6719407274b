import { z } from 'zod';
import { UserSettings, WorkspaceSettings } from '../src/schema/settings.ts';

/** docs/settings.md: every setting from its schema, so that the page cannot lag behind. */
export function settingsPage(): string {
  const inWorkspace = new Set(Object.keys(WorkspaceSettings.shape));
  const { properties = {} } = z.toJSONSchema(UserSettings, { target: 'draft-7', io: 'input' });
  const rows = Object.entries(properties).flatMap(([name, schema]) => {
    if (name === '$schema' || typeof schema === 'boolean') return [];
    const values = schema.enum?.join(', ') ?? schema.type ?? '';
    const where = inWorkspace.has(name) ? 'both' : "user's own";
    return [`| \`${name}\` | ${values} | ${where} | ${(schema.description ?? '').replaceAll('|', '\\|')} |`];
  });
  return `# Settings

Generated from \`src/schema/settings.ts\`; \`npm run generate\` writes this page.

Two JSON files (comments allowed): \`glm-skill.config.json\` at the top of a repository, for everybody who works in it, and the user's own
\`~/.config/glm-skill/config.json\`. A flag outranks an environment variable, which outranks the repository's file, which
outranks the user's, which outranks the default. Whatever steers
where code, keys or money go is read from the user's file alone: a repository must not decide that. \`glm-skill config\` shows what holds and where it was set.

| setting | value | file | meaning |
|---|---|---|---|
${rows.join('\n')}

The daily cap: \`{ "daily_cap": 5 }\` in the user's file; \`glm-skill usage\` shows what was spent against it.
`;
}
