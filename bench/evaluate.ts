/**
 * A whole run of `evaluate` on a real repository with scripted replies, no model: each variant answers with the real fix for a known share
 * of the bugs and with a wrong patch for the rest. Usage:
 *   node bench/run.mjs evaluate FOLDER --shares glm-4.5-air=0.3,glm-4.7=0.9 [--bugs 10] [--bar 0.7] [--minutes 15] [--full] [--offline]
 * Prints the report and, behind it, the requests that the stand-in gateway counted, in this run and in a second one.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { folders, readEnvironment } from '../src/config.ts';
import { shuffle } from '../src/evaluating/deciding/random.ts';
import { variants } from '../src/glm/money/variants.ts';
import { makeAsk } from '../src/glm/wire/client.ts';
import { toMarkdown } from '../src/report/markdown.ts';
import { makeRedactor } from '../src/safety/redact/redact.ts';
import type { Deps } from '../src/schema/deps.ts';
import { startGateway } from '../src/stand-in/gateway.ts';
import { evaluate } from '../src/uses/evaluate.ts';

const Line = z.object({
  instance_id: z.string(),
  patch: z.string(),
  FAIL_TO_PASS: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
});
type Line = z.infer<typeof Line>;
const Asked = z.object({ model: z.string(), messages: z.array(z.object({ content: z.string() })) });

export async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      shares: { type: 'string', default: 'glm-4.5-air=0.3,glm-4.7=0.9' },
      bugs: { type: 'string', default: '10' },
      bar: { type: 'string', default: '0.7' },
      minutes: { type: 'string', default: '15' },
      full: { type: 'boolean', default: false },
      offline: { type: 'boolean', default: false },
    },
  });
  const [root = '.'] = positionals;
  const shares = new Map(
    values.shares
      .split(',')
      .map((one) => one.split('='))
      .map(([id = '', share]) => [id, Number(share)] as const),
  );
  const home = await mkdtemp(join(tmpdir(), 'evaluate-'));
  const env = { ...readEnvironment(), GLM_SKILL_HOME: home };
  const places = folders(env);
  let lines: Line[] = [];
  const gateway = await startGateway({ replies: ({ body }) => replyTo(Asked.parse(body), lines, shares) });
  const count = () => gateway.requests.filter(({ path }) => path.startsWith('/v1/chat')).length;
  try {
    const deps: Deps = {
      env,
      folders: places,
      signal: undefined,
      now: Date.now,
      tell: (event) => event.type === 'stage' && console.error(event.message),
      redactor: makeRedactor({ key: Buffer.alloc(32, 7), exact: [] }),
      keep: (name) => Promise.resolve(name),
      variants,
      ask: undefined,
    };
    const file = join(home, 'bugs.jsonl');
    const input = {
      root,
      bugs: Number(values.bugs),
      bar: Number(values.bar),
      minutes: Number(values.minutes),
      offline: values.offline,
      full: values.full,
      attempts: 1,
      variants: [...shares.keys()].join(','),
    };
    await evaluate({ ...input, export: file }, deps);
    lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => Line.parse(JSON.parse(line)));
    const ask = makeAsk({ baseUrl: gateway.url, key: 'scripted-key', folders: places, env: {}, now: Date.now });
    const call = { ...input, max_cost: 100 };
    const report = await evaluate(call, { ...deps, ask });
    const first = count();
    await evaluate(call, { ...deps, ask });
    console.log(toMarkdown(report));
    console.log(`Requests counted at the stand-in: ${first}; in a second run: ${count() - first}.`);
  } finally {
    await gateway.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** The real fix, where this variant solves this bug; else a patch that changes nothing about it. */
function replyTo({ model, messages }: z.infer<typeof Asked>, lines: readonly Line[], shares: ReadonlyMap<string, number>): string {
  const text = messages.map(({ content }) => content).join('\n');
  const named = ({ FAIL_TO_PASS }: Line) =>
    FAIL_TO_PASS.filter((id) => text.includes(id.split('::').at(-1)?.split(' > ').at(-1) ?? id)).length;
  const [bug] = [...lines].sort((a, b) => named(b) - named(a));
  if (!bug) return 'Nothing is known of this bug.';
  const solved = shuffle(lines, 7).slice(0, Math.round(lines.length * (shares.get(model) ?? 0)));
  const patch = solved.includes(bug)
    ? bug.patch
    : 'diff --git a/NOTES-OF-NOBODY.txt b/NOTES-OF-NOBODY.txt\nnew file mode 100644\n--- /dev/null\n+++ b/NOTES-OF-NOBODY.txt\n@@ -0,0 +1 @@\n+nothing\n';
  return `## Root cause\nWhere: ${/^\+\+\+ b\/(.+)$/m.exec(bug.patch)?.[1] ?? ''}:1\nAs the fix of the history has it.\n\n## Edits\n\`\`\`diff\n${patch}\`\`\`\n`;
}
