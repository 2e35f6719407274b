import { arithmetic, assignment, step } from './arithmetic.ts';
import { chain } from './chain.ts';
import { bound, opposite } from './comparisons.ts';
import { condition } from './condition.ts';
import { number, truth, words } from './literal.ts';
import { logic } from './logic.ts';
import type { Mutator } from './mutator.ts';
import { result } from './result.ts';
import { loop, value } from './rough.ts';
import { statement } from './statement.ts';

/** A small change that breaks a file in one place. `what` says it for people. */
export type Mutant = { readonly line: number; readonly what: string; readonly text: string; readonly fine: boolean };

/** From what changes most to what changes least. */
const mutators: readonly Mutator[] = [
  opposite,
  logic,
  arithmetic,
  assignment,
  truth,
  condition,
  number,
  bound,
  step,
  result,
  statement,
  chain,
  words,
];
/** One step beside what is right: a program may do the same all the same, and good tests may not look there. */
const fine: ReadonlySet<Mutator> = new Set([number, bound, words]);

const skipped = /^\s*(?:import\b|export \*|from\b|package\b|use\b|#include|@|\/\/|#|\*|\/\*|type\b|interface\b|declare\b)/;

type Limits = {
  readonly most: number;
  /** Where mutants are made; undefined: anywhere. */
  readonly lines?: ReadonlySet<number> | undefined;
  readonly perLine?: number | undefined;
  /** Where nothing finer can be changed: whatever breaks the line. */
  readonly rough?: boolean | undefined;
};

/** Mutants spread over the lines: the first of each line, then the second of each. The same text gives the same mutants. */
export function makeMutants(path: string, text: string, { most, lines, perLine = 1, rough = false }: Limits): Mutant[] {
  const rows = text.split('\n');
  const found = rows.map((row, at) =>
    skipped.test(row) || (lines && !lines.has(at + 1)) ? [] : mutate(path, row, rough ? [...mutators, loop, value] : mutators),
  );
  const rounds = Array.from({ length: perLine }, (_, round) =>
    found.flatMap((changed, at) => {
      const one = changed[round];
      if (!one) return [];
      const whole = [...rows.slice(0, at), one.row, ...rows.slice(at + 1)].join('\n');
      return [{ line: at + 1, what: `line ${at + 1}: ${one.what}`, text: whole, fine: one.fine }];
    }),
  );
  const kept: Mutant[] = [];
  for (const round of rounds) kept.push(...spread(round, most - kept.length));
  return kept;
}

function spread(all: readonly Mutant[], most: number): Mutant[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: Math.max(0, most) }, (_, number) => all[Math.floor((number * all.length) / most)]).filter(
    (one) => one !== undefined,
  );
}

/** The mutants of one line, no two of them the same. */
export function mutate(
  path: string,
  row: string,
  by: readonly Mutator[] = mutators,
): { readonly row: string; readonly what: string; readonly fine: boolean }[] {
  const code = hideText(row);
  const made = by
    .flatMap((mutator) => mutator(code, path).map((swap) => ({ ...swap, fine: fine.has(mutator) })))
    .map(({ at, from, to, fine: small }) => {
      // What was hidden comes back: the change names places of the line as it is written.
      const own = row.slice(at, at + from.length);
      const fresh = to.includes(from) ? to.replace(from, () => own) : to;
      return { row: row.slice(0, at) + fresh + row.slice(at + from.length), what: describe(own, fresh), fine: small };
    });
  return [...new Map(made.map((one) => [one.row, one])).values()];
}

function describe(from: string, to: string): string {
  if (to === '' || to === 'pass' || to === 'nil') return `${cut(from)} is left out`;
  if (to === 'undefined' || to === 'None') return `returns ${to}`;
  return `${cut(from)} becomes ${cut(to)}`;
}

const cut = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** Strings and comments of one line as blanks of the same length. */
function hideText(row: string): string {
  const blank = (found: string) => `"${'_'.repeat(Math.max(0, found.length - 2))}"`.slice(0, found.length);
  return row
    .replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g, blank)
    .replace(/(?:\/\/|(?<=^|\s)#(?!\w)).*$/, (found) => '"'.padEnd(found.length, '_'));
}
