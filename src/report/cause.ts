import type { Blame, Cause, Divergence, Undo } from '../schema/cause.ts';
import type { Since } from '../schema/run.ts';
import { fence, section } from './parts.ts';

/** Values, change and commit that make the tests red, the values first: they say most in the fewest words. */
export function causeSections({ values, blame, since }: Cause): string[] {
  return [
    values ? section(`Values (beside ${values.against})`, [...values.divergences.map(valueLine), ...more(values.more)]) : '',
    blame ? section('Which part of the change', blameLines(blame)) : '',
    since ? sinceSection(since) : '',
  ];
}

export function sinceSection({ verdict, why, commit }: Since): string {
  const bad = commit && [
    `First bad commit: \`${commit.sha.slice(0, 12)}\` ${commit.subject} (${commit.author}, ${commit.authorDate})`,
    fence('diff', commit.diff),
  ];
  return section('When did it break', [`${verdict}: ${why}`, ...(bad ?? [])]);
}

/** `unitPrice(tiers, 10)` gave 120; with 9 it gave 120, with 11 it gave 100. */
export function valueLine({ path, line, call, gave, instead, others = [], from, why }: Divergence): string {
  const beside = [...(instead === undefined ? [] : [`on the good run: ${code(instead)}`]), ...others].join('; ');
  return `- \`${path}:${line}\` ${code(call)} gave ${code(gave)}${beside ? `; ${beside}` : ''} (${why}${from ? `; called at ${from.path}:${from.line}` : ''})`;
}

function more(count: number | undefined): string[] {
  return count === undefined ? [] : [`- … ${count} more functions differ`];
}

function blameLines({ change, hunks, of, why, runs, undo, widest }: Blame): string[] {
  const places = hunks.map(
    ({ path, line, endLine, name, added, removed }) =>
      `- \`${path}:${line}${endLine > line ? `-${endLine}` : ''}\`${name ? ` in ${name}` : ''} (+${added} −${removed})`,
  );
  return [
    `${why}.`,
    `${hunks.length} of ${of} hunks of ${change}, found in ${runs} runs:`,
    ...places,
    ...(undo ? [fence('diff', undo.diff)] : []),
    ...(widest ? widestLines(widest) : []),
  ];
}

function widestLines({ scope, takesAway }: Undo): string[] {
  const what = { hunks: 'These hunks', function: 'The whole function', file: 'The whole file', change: 'All of the change' }[scope];
  return [`${what} can be undone too, and nothing that passed fails. It takes away:`, ...takesAway.map((one) => `- ${one}`)];
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replace(/\s+/g, ' ')}\``;
}
