import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { placeEdits } from '../src/patch/place/place-edits.ts';
import { readEdits } from '../src/patch/read/edits.ts';
import { openKnown } from '../src/patch/read/known-paths.ts';
import { type Mutation, mutationsOf } from '../test/patch/mutations.ts';
import { answersOf, type Real, toCase } from './edits/answers.ts';
import { blocksOf, type Change, mineChanges } from './edits/changes.ts';
import { literal } from './edits/literal.ts';
import { timeShapes } from './edits/time.ts';

/**
 * What became of an answer: the right tree, a refusal by a rule, the tree that the answer says to the letter (it was spoilt before it came to
 * us, and nothing in it shows that), a tree that whoever reads the patch is told to look at, or a third tree.
 */
type Outcome = {
  readonly end: 'gold' | 'refused' | 'written' | 'flagged' | 'third';
  readonly rule?: string | undefined;
  readonly message?: string | undefined;
};

/** Real changes of real files, written in every form that models write, placed on the file before: `--git FOLDER…`. `--time`: 2 MB of each shape. */
export async function main(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      git: { type: 'string', multiple: true, default: [] },
      most: { type: 'string', default: '100' },
      show: { type: 'string' },
      time: { type: 'boolean' },
      shape: { type: 'string' },
    },
  });
  if (values.time) return timeShapes(values.shape);
  const count = new Map<string, number>();
  const bump = (key: string) => count.set(key, (count.get(key) ?? 0) + 1);
  const kinds = new Set<string>();
  for (const folder of values.git) {
    for (const change of await mineChanges(folder, basename(dirname(folder)), Number(values.most))) {
      const blocks = blocksOf(change);
      if (!blocks) continue;
      const it: Real = { ...change, blocks };
      const exact: Mutation[] = [{ kind: 'exact/diff', expect: 'gold', text: it.diff }];
      // What our own rules forbid in the change itself tells nothing of the form.
      const forbidden = new Set(
        exact
          .map((one) => outcome(it, one))
          .filter(({ end }) => end === 'refused')
          .map(({ rule }) => rule),
      );
      for (const one of [...exact, ...mutationsOf(toCase(it)), ...answersOf(it)]) {
        const came = outcome(it, one);
        const by = came.end === 'refused' && forbidden.has(came.rule) ? 'forbidden' : came.end;
        kinds.add(one.kind);
        bump(`${one.expect} ${by}`);
        if (by !== 'forbidden' && isWrong(one, by)) bump(`  ${one.kind}: ${by} ${came.rule ?? ''}`);
        if (values.show && new RegExp(values.show).test(one.kind) && (values.show.startsWith('^') || by !== 'refused') && isWrong(one, by))
          print(change, one, came);
      }
    }
  }
  const total = (prefix: string) => [...count].filter(([key]) => key.startsWith(prefix)).reduce((sum, [, some]) => sum + some, 0);
  console.log(`${kinds.size} kinds, ${total('gold') + total('either') + total('reject')} cases`);
  for (const [key, some] of [...count].sort(([a, x], [b, y]) => Number(a.startsWith(' ')) - Number(b.startsWith(' ')) || y - x))
    console.log(`${key} ${some}`);
}

function isWrong({ expect }: Mutation, end: string): boolean {
  return (
    end === 'third' ||
    end === 'flagged' ||
    (expect === 'gold' ? end === 'refused' : expect === 'reject' && (end === 'gold' || end === 'written'))
  );
}

function outcome(it: Real, { text }: Pick<Mutation, 'text'>): Outcome {
  const known = openKnown([it.path, `src/other/${it.path}.old`]);
  const { edits, problems, flags: read = [] } = readEdits(text, known);
  const placed =
    problems.length > 0
      ? { changes: [], failures: problems, flags: [] }
      : placeEdits(edits, (path) => (path === it.path ? it.before : undefined), known);
  const [failed] = placed.failures;
  if (failed) return { end: 'refused', rule: failed.rule, message: failed.message };
  const [change, ...others] = placed.changes;
  if (others.length === 0 && change?.path === it.path && change.after === it.after) return { end: 'gold' };
  const flag = [...read, ...placed.flags].at(0);
  const asked =
    !flag &&
    others.length === 0 &&
    change?.path === it.path &&
    (literal(it.path, it.before, text) === change.after || bare(change.after) === bare(it.after));
  return { end: flag ? 'flagged' : asked ? 'written' : 'third', rule: flag?.flag, message: change?.after ?? '' };
}

/** Blanks at the ends of lines are lost on the way of an answer, and what stays of the file keeps its own. */
const bare = (text: string | null) => (text ?? '').replace(/[ \t]+$/gm, '');

function print(change: Change, { kind, text }: Mutation, { end, rule, message = '' }: Outcome): void {
  const [wanted, came] = [change.after.split('\n'), message.split('\n')];
  const at = wanted.findIndex((line, place) => line !== came[place]);
  console.log(`=== ${kind} ${end} ${rule ?? ''} ${change.repo} ${change.path}`);
  console.log(
    end === 'refused'
      ? message.slice(0, 300)
      : JSON.stringify({ line: at + 1, wanted: wanted.slice(at, at + 3), came: came.slice(at, at + 3) }),
  );
  console.log(text.slice(0, 1500));
}
