/**
 * The sequential test on repositories whose truth is known: node bench/run.mjs simulate [--repositories 10000] [--seed 1]
 * Each has 20 to 60 bugs of differing difficulty, five variants and a bar; the right variant is the cheapest that meets the bar when every
 * variant is run on every bug. `anywhere`: skills from 0 to 1; `near the bar`: all within 20 points of it, the hardest case.
 */
import { parseArgs } from 'node:util';
import { randomFrom } from '../src/evaluating/deciding/random.ts';
import { confidence, decide, neededOf } from '../src/evaluating/deciding/sequential.ts';

const variants = 5;

export type Simulated = { readonly right: number; readonly calls: number };

/** Shares of the repositories in which the right variant was chosen, and of the calls of the full grid that were made. */
export function simulate(repositories: number, seed: number, nearBar: boolean, level = confidence): Simulated {
  let right = 0;
  let calls = 0;
  let grid = 0;
  for (let number = 0; number < repositories; number++) {
    const random = randomFrom(seed * 1_000_003 + number);
    const total = 20 + Math.floor(random() * 41);
    const bar = 0.5 + random() * 0.4;
    const difficulties = Array.from({ length: total }, random);
    const skill = () => (nearBar ? Math.min(0.99, Math.max(0.01, bar + (random() - 0.5) * 0.4)) : random());
    const skills = Array.from({ length: variants }, skill).sort((a, b) => a - b);
    // Half of whether a bug is solved lies in the bug, half in luck.
    const results = skills.map((one) => difficulties.map((hard) => random() < 0.5 * one + (hard < one ? 0.5 : 0)));
    const meets = (solved: readonly boolean[]) => solved.filter(Boolean).length >= neededOf(total, bar);
    const looked: string[] = [];
    for (const solved of results) {
      const { verdict, looks } = decide(total, solved, bar, level);
      calls += looks;
      looked.push(verdict);
      if (verdict === 'meets') break;
    }
    if (looked.indexOf('meets') === results.findIndex(meets)) right++;
    grid += total * variants;
  }
  return { right: right / repositories, calls: calls / grid };
}

export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { repositories: { type: 'string' }, seed: { type: 'string' }, level: { type: 'string' } },
  });
  const many = Number(values.repositories ?? 10_000);
  for (const nearBar of [false, true]) {
    const { right, calls } = simulate(many, Number(values.seed ?? 1), nearBar, Number(values.level ?? confidence));
    console.log(
      `${many} repositories, skills ${nearBar ? 'near the bar' : 'anywhere'}: right variant ${(right * 100).toFixed(1)} %, calls of the full grid ${(calls * 100).toFixed(1)} %`,
    );
  }
}
