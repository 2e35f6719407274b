import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { type Flag, flagsOf, Steering, sharedFlags, usefulFlags } from './flags.ts';

/** The help of the whole program. */
export function overview(version: string): string {
  const width = Math.max(...commands.map((one) => one.name.length));
  return `glm-skill ${version}: find the failing test, ask GLM for a patch, prove it.

Usage: glm-skill VERB [ARGUMENTS] [FLAGS]

${commands.map((one) => `  ${one.name.padEnd(width)}  ${one.summary}`).join('\n')}

glm-skill VERB --help explains a verb. Key: RUNAPI_API_KEY. Exit codes: 0 done, 1 another outcome,
2 something you can mend (no key among it), 70 a bug, 130 stopped.
`;
}

/** The help of one verb. */
export function helpOf(one: Command): string {
  const own = flagsOf(one.input);
  const usage = ['glm-skill', one.name, one.arguments, own.length > 0 ? '[FLAGS]' : ''].filter(Boolean).join(' ');
  return `${one.name}: ${one.summary}

Usage: ${usage}

${[...own, ...usefulFlags(one)].map(flagLine).join('\n')}

Examples:
${one.examples.map((example) => `  ${example}`).join('\n')}
`;
}

function flagLine(flag: Flag): string {
  const name = `--${flag.name}${flag.value ? ` ${flag.value}` : ''}`;
  return `  ${name.padEnd(28)} ${meaning(flag)}`;
}

function meaning({ description, many }: Flag): string {
  return `${description}${many ? '; may be given more than once' : ''}`;
}

/** The reference of all verbs as a page, from the same table as the help. */
export function cliPage(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const table = (flags: readonly Flag[]) => [
    '| flag | meaning |',
    '|---|---|',
    ...flags.map((one) => `| ${cell(`\`--${one.name}${one.value ? ` ${one.value}` : ''}\``)} | ${cell(meaning(one))} |`),
  ];
  const verbs = commands.flatMap((one) => {
    const own = flagsOf(one.input);
    const examples = ['```', ...one.examples, '```'];
    return ['', `## ${one.name}`, '', `${one.summary}.`, '', ...examples, ...(own.length > 0 ? ['', ...table(own)] : [])];
  });
  const reaching = commands.filter((one) => one.reaches).map((one) => `\`${one.name}\``);
  const shared = ['', '## Flags of every verb', '', ...table(sharedFlags({}))];
  const steering = ['', `## Flags of ${reaching.join(', ')}`, '', ...table(flagsOf(Steering))];
  const index = commands.map((one) => `| [\`${one.name}\`](#${one.name}) | ${cell(one.summary)} |`);
  const head = [
    '# Command line',
    '',
    'Written by `npm run generate` from the table that `glm-skill --help` shows.',
    '',
    '| verb | does |',
    '|---|---|',
  ];
  return `${[...head, ...index, ...shared, ...steering, ...verbs].join('\n')}\n`;
}
