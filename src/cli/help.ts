import { entry, wrap } from '../report/screen/wrap.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { type Flag, flagsOf, Steering, sharedFlags, usefulFlags } from './flags.ts';

/** The help of the whole program, in lines no longer than `width`. */
export function overview(version: string, width = Number.POSITIVE_INFINITY): string {
  const column = Math.max(...commands.map((one) => one.name.length)) + 4;
  const lines = (text: string) => wrap(text, width);
  return `${lines(`glm-skill ${version}: find the failing test, ask GLM for a patch, prove it.`)}

Usage: glm-skill VERB [ARGUMENTS] [FLAGS]

${commands.map((one) => entry(one.name, one.summary, column, width)).join('\n')}

${lines('glm-skill VERB --help explains a verb. Key: RUNAPI_API_KEY. Exit codes: 0 done, 1 another outcome,\n2 something you can mend (no key among it), 70 a bug, 130 stopped.')}
`;
}

/** The help of one verb. */
export function helpOf(one: Command, width = Number.POSITIVE_INFINITY): string {
  const own = flagsOf(one.input);
  const usage = ['glm-skill', one.name, one.arguments, own.length > 0 ? '[FLAGS]' : ''].filter(Boolean).join(' ');
  const flags = [...own, ...usefulFlags(one)].map((flag) => entry(nameOf(flag), meaning(flag), 33, width));
  return `${wrap(`${one.name}: ${one.summary}`, width)}

Usage: ${usage}

${flags.join('\n')}

Examples:
${one.examples.map((example) => `  ${example}`).join('\n')}
`;
}

const nameOf = ({ name, value }: Flag) => `--${name}${value ? ` ${value}` : ''}`;

function meaning({ description, many }: Flag): string {
  return `${description}${many ? '; may be given more than once' : ''}`;
}

/** The reference of all verbs as a page, from the same table as the help. */
export function cliPage(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const table = (flags: readonly Flag[]) => [
    '| flag | meaning |',
    '|---|---|',
    ...flags.map((one) => `| ${cell(`\`${nameOf(one)}\``)} | ${cell(meaning(one))} |`),
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
