import { parseArgs } from 'node:util';
import { signsOf } from '../src/context/rank/chance.ts';
import { collect } from '../src/context/rank/collect.ts';
import { rank } from '../src/context/rank/rank.ts';
import { countTokens } from '../src/tokens/tokens.ts';
import { caseFlags } from './case-flags.ts';
import { openers } from './cases.ts';
import { readInstances } from './instances.ts';

/** One definition of one bug: what the ranking knows of it, and how many of the changed lines it holds. */
type Row = { readonly signs: readonly number[]; readonly gold: number; readonly tokens: number };
type Bug = { readonly repo: string; readonly lines: number; readonly rows: readonly Row[] };

/** Definitions beyond are hardly ever packed. */
const mostRows = 200;

/**
 * How likely a definition in its place holds a line of the repair: a logistic fit, each repository judged by the fit on the others.
 * node bench/run.mjs calibrate --list A.jsonl --mirrors DIR
 */
export async function main(argv: string[]): Promise<void> {
  const { values } = parseArgs({ args: argv, options: caseFlags });
  const open = openers(values, values.mirrors);
  const bugs: Bug[] = [];
  for (const instance of readInstances(values.list)) {
    const one = await open(instance);
    if (!one) continue;
    const ranking = rank(collect(one.input));
    const filePlaces = new Map(ranking.files.map(({ path }, at) => [path, at]));
    const most = ranking.segments[0]?.total || 1;
    const rows = ranking.segments.slice(0, mostRows).map(({ source, segment, total }, place): Row => {
      const text = source.text
        .split('\n')
        .slice(segment.startLine - 1, segment.endLine)
        .join('\n');
      const filePlace = filePlaces.get(source.path) ?? filePlaces.size;
      return {
        signs: signsOf({ place, filePlace, total, share: total / most, segment }),
        gold: one.gold.get(source.path)?.filter((line) => line >= segment.startLine && line <= segment.endLine).length ?? 0,
        tokens: countTokens(text) + 10,
      };
    });
    bugs.push({ repo: instance.repo, lines: [...one.gold.values()].reduce((sum, { length }) => sum + length, 0), rows });
  }
  const all = fit(bugs.flatMap(({ rows }) => rows));
  console.log('chance', JSON.stringify(all.map((weight) => Math.round(weight * 1000) / 1000)));
  const repos = [...new Set(bugs.map(({ repo }) => repo))];
  const held = repos.map((repo) => ({
    weights: fit(bugs.filter((bug) => bug.repo !== repo).flatMap(({ rows }) => rows)),
    own: bugs.filter((bug) => bug.repo === repo),
  }));
  for (const enough of [0.5, 0.6, 0.65, 0.7, 0.8, 0.9]) {
    const cut = held.flatMap(({ weights, own }) => own.map((bug) => cutAt(bug, weights, enough)));
    const tokens = cut.map((one) => one.tokens).sort((a, b) => a - b);
    const lines = cut.reduce((sum, one) => sum + one.lines, 0) / cut.length;
    console.log(`enough ${enough}: median ${tokens[tokens.length >> 1]} tokens of definitions, changed lines ${lines.toFixed(3)}`);
  }
}

const chanceOf = (signs: readonly number[], weights: readonly number[]) =>
  1 / (1 + Math.exp(-signs.reduce((sum, sign, at) => sum + sign * (weights[at] ?? 0), 0)));

/** What is packed where this share of all chances is enough. */
function cutAt({ rows, lines }: Bug, weights: readonly number[], enough: number): { tokens: number; lines: number } {
  const chances = rows.map(({ signs }) => chanceOf(signs, weights));
  const all = chances.reduce((sum, one) => sum + one, 0);
  let held = 0;
  const kept = rows.filter((_row, at) => {
    const adds = held < enough * all;
    held += chances[at] ?? 0;
    return adds;
  });
  const gold = kept.reduce((sum, row) => sum + row.gold, 0);
  return { tokens: kept.reduce((sum, row) => sum + row.tokens, 0), lines: lines === 0 ? 1 : gold / lines };
}

/** Newton's method; a little ridge keeps signs that say the same apart. */
function fit(rows: readonly Row[], rounds = 25, ridge = 0.01): number[] {
  const size = rows[0]?.signs.length ?? 0;
  let weights = new Array<number>(size).fill(0);
  for (let round = 0; round < rounds; round++) {
    const gradient = weights.map((weight) => -ridge * weight);
    const hessian = weights.map((_weight, i) => weights.map((_other, j) => (i === j ? ridge : 0)));
    for (const { signs, gold } of rows) {
      const chance = chanceOf(signs, weights);
      signs.forEach((sign, i) => {
        gradient[i] = (gradient[i] ?? 0) + sign * ((gold > 0 ? 1 : 0) - chance);
        const row = hessian[i] ?? [];
        signs.forEach((other, j) => {
          row[j] = (row[j] ?? 0) + sign * other * chance * (1 - chance);
        });
      });
    }
    const step = solve(hessian, gradient);
    weights = weights.map((weight, at) => weight + (step[at] ?? 0));
  }
  return weights;
}

/** Gauss and Jordan, the largest pivot first. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0]);
  for (let column = 0; column < rows.length; column++) {
    const rest = rows.slice(column).sort((a, b) => Math.abs(b[column] ?? 0) - Math.abs(a[column] ?? 0));
    rows.splice(column, rest.length, ...rest);
    const pivot = rows[column]?.map((value, _at, row) => value / (row[column] || 1)) ?? [];
    rows.forEach((row, at) => {
      const factor = row[column] ?? 0;
      rows[at] = at === column ? pivot : row.map((value, k) => value - factor * (pivot[k] ?? 0));
    });
  }
  return rows.map((row) => row.at(-1) ?? 0);
}
