import { GlmError } from '../errors.ts';
import type { Ask, Tell } from '../schema/model.ts';
import type { Report } from '../schema/report.ts';
import { laidOut, type Past, type Yard } from './attempt.ts';
import type { Bug } from './bug.ts';
import { rememberAsk } from './remembered.ts';
import { type Column, type Ran, readRan } from './running.ts';
import type { State } from './state.ts';

/** `fix` on a laid-out bug for at most so much. */
export type FixBug = (
  path: string,
  bug: Bug,
  how: {
    readonly column: Column;
    readonly ask: Ask;
    readonly capUsd: number;
    readonly tell: Tell;
    readonly keep: (name: string, content: string) => Promise<string>;
  },
) => Promise<Report>;

/** Lays a bug out anew and lets a variant fix it. Replies that were paid for before are taken from the state. */
export function makeTry(yard: Yard, state: State, fix: FixBug, now: () => number) {
  let number = 1_000_000;
  return async ({ bug, from }: Pick<Past, 'bug' | 'from'>, column: Column, capUsd: number, name: string): Promise<Ran | undefined> => {
    const aside = (why: string): Ran => ({
      outcome: 'aside',
      strong: false,
      why: 'it cannot be laid out again',
      detail: why,
      costUsd: 0,
      tokensIn: 0,
      tokensOut: 0,
      seconds: 0,
    });
    return laidOut(bug, ++number, yard, async (laid) => {
      if (laid instanceof Error) return aside(laid.message);
      const given = await yard.supplies({ path: laid.path, date: bug.date, first: from, install: true }).next();
      if (given && 'problem' in given) return aside(given.problem);
      const started = now();
      try {
        const report = await fix(laid.path, bug, {
          column,
          ask: rememberAsk(column.ask, state, name),
          capUsd,
          tell: () => {},
          keep: async (file, content) => {
            await state.set(`${name}/${file}`, content);
            return `${state.folder}/${name}/${file}`;
          },
        });
        return readRan(report, (now() - started) / 1000);
      } catch (error) {
        if (error instanceof GlmError && error.code === 'no_runner') return aside(error.message);
        throw error;
      }
    });
  };
}
