import { parseArgs } from 'node:util';
import { type Collected, collect } from '../src/context/rank/collect.ts';
import { rank, rankFiles } from '../src/context/rank/rank.ts';
import { ranks } from '../src/context/rank/signals.ts';
import { type Settings, type SignalName, settings } from '../src/context/rank/weights.ts';
import { caseFlags } from './case-flags.ts';
import { openers } from './cases.ts';
import { readInstances } from './instances.ts';
import { mean, measureFiles, measureFunctions, show } from './measure.ts';

/**
 * Searches the weights of the fusion, leave one repository out: node bench/run.mjs tune --list A.jsonl --mirrors DIR [--rounds 200] [--misses] [--definitions].
 * `--misses`: for each gold file beyond the first five, the place that each signal gives it.
 * `--definitions`: the numbers by which definitions are ordered, by their recall among the first ten.
 * Prints what today's weights give, the best on all, and what each repository gets with the weights that are best on the others.
 */
export async function main(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      ...caseFlags,
      most: { type: 'string', default: '1000' },
      rounds: { type: 'string', default: '200' },
      misses: { type: 'boolean', default: false },
      definitions: { type: 'boolean', default: false },
    },
  });
  const open = openers(values, values.mirrors);
  const cases: Tuned[] = [];
  const perRepo = new Map<string, number>();
  for (const instance of readInstances(values.list)) {
    const seen = perRepo.get(instance.repo) ?? 0;
    if (seen >= Number(values.most)) continue;
    const one = await open(instance);
    if (!one) continue;
    perRepo.set(instance.repo, seen + 1);
    const collected = collect(one.input);
    const sources = new Map([...collected.sources].map(([path, source]) => [path, { ...source, text: '', segments: [] }]));
    const kept = values.definitions ? collected : { ...collected, sources, segments: [] };
    cases.push({ id: instance.id, repo: instance.repo, gold: instance.gold_files, collected: kept, lines: one.gold });
  }
  if (values.misses) for (const one of cases) explainMisses(one);
  const tried: { settings: Settings; byRepo: Map<string, number> }[] = [];
  const rate = values.definitions ? evaluateDefinitions : evaluate;
  const attempt = (candidate: Settings): number => {
    const byRepo = rate(cases, candidate);
    tried.push({ settings: candidate, byRepo });
    return average(byRepo);
  };
  let best: Settings = settings;
  let bestScore = attempt(settings);
  console.log('today', bestScore.toFixed(4), show(figures(cases, settings)));
  const random = generator(7);
  for (let round = 0; round < Number(values.rounds); round++) {
    const candidate = values.definitions ? changeDefinitions(best, random) : change(best, random);
    const score = attempt(candidate);
    if (score <= bestScore) continue;
    best = candidate;
    bestScore = score;
    console.log(
      round,
      score.toFixed(4),
      values.definitions ? JSON.stringify({ ...best, weights: 0, parts: 0 }) : JSON.stringify(best.weights),
      short(best),
    );
  }
  if (values.definitions) {
    console.log('best on all', bestScore.toFixed(4), 'leave one repository out', leaveOneOut(tried).toFixed(4));
    return;
  }
  console.log('best on all', show(figures(cases, best)));
  const held = [...perRepo.keys()].map((repo) => {
    const others = tried.map(({ settings, byRepo }) => ({
      settings,
      score: average(new Map([...byRepo].filter(([other]) => other !== repo))),
    }));
    const chosen = others.reduce((a, b) => (b.score > a.score ? b : a)).settings;
    return figures(
      cases.filter((one) => one.repo === repo),
      chosen,
    );
  });
  console.log('leave one repository out', show(mean(held)));
}

type Tuned = {
  readonly id: string;
  readonly repo: string;
  readonly gold: readonly string[];
  readonly collected: Collected;
  readonly lines: ReadonlyMap<string, readonly number[]>;
};

/** Which signal knew of a file that stands beyond the first five, and which led astray. */
function explainMisses({ id, gold, collected }: Tuned): void {
  const files = rankFiles(collected, settings).map(({ path }) => path);
  for (const path of gold) {
    const place = files.indexOf(path) + 1;
    if (place > 0 && place <= 5) continue;
    const places = [...collected.signals].map(([name, { scores }]) => `${name} ${ranks(scores).get(path) ?? '-'}`);
    const distance = collected.distances.get(path) ?? '-';
    console.log(
      id,
      `${path}: ${place || 'no candidate'} of ${files.length};`,
      places.join(', '),
      `distance ${distance};`,
      files.slice(0, 3).join(' '),
    );
  }
}

const short = ({ k, outside, aside, printedPin, leaders }: Settings) => JSON.stringify({ k, outside, aside, printedPin, leaders });

function figures(cases: readonly Tuned[], candidate: Settings) {
  return mean(
    cases.map(({ collected, gold }) =>
      measureFiles(
        gold,
        rankFiles(collected, candidate).map(({ path }) => path),
      ),
    ),
  );
}

/** Recall in the first five and the reciprocal rank, a little of the first place and of the first ten; a mean per repository. */
function evaluate(cases: readonly Tuned[], candidate: Settings): Map<string, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { repo, gold, collected } of cases) {
    const found = measureFiles(
      gold,
      rankFiles(collected, candidate).map(({ path }) => path),
    );
    const entry = sums.get(repo) ?? { sum: 0, count: 0 };
    sums.set(repo, entry);
    entry.sum += 0.4 * (found['r@5'] ?? 0) + 0.3 * (found.mrr ?? 0) + 0.15 * (found['r@3'] ?? 0) + 0.15 * (found['r@10'] ?? 0);
    entry.count++;
  }
  return new Map([...sums].map(([repo, { sum, count }]) => [repo, sum / count]));
}

function average(byRepo: ReadonlyMap<string, number>): number {
  return [...byRepo.values()].reduce((sum, value) => sum + value, 0) / byRepo.size;
}

/** Recall of changed definitions among the first ten, a mean per repository. */
function evaluateDefinitions(cases: readonly Tuned[], candidate: Settings): Map<string, number> {
  const all = new Map<string, number[]>();
  for (const { repo, collected, lines } of cases) {
    const found = measureFunctions({ gold: lines }, rank(collected, candidate));
    if (found !== undefined) all.set(repo, [...(all.get(repo) ?? []), found]);
  }
  return new Map([...all].map(([repo, list]) => [repo, list.reduce((sum, one) => sum + one, 0) / list.length]));
}

/** What each repository gets with the settings that are best on the others. */
function leaveOneOut(tried: readonly { readonly byRepo: ReadonlyMap<string, number> }[]): number {
  const repos = [...(tried[0]?.byRepo.keys() ?? [])];
  const held = repos.map((repo) => {
    const others = tried.map(({ byRepo }) => ({ byRepo, score: average(new Map([...byRepo].filter(([other]) => other !== repo))) }));
    return others.reduce((a, b) => (b.score > a.score ? b : a)).byRepo.get(repo) ?? 0;
  });
  return held.reduce((sum, one) => sum + one, 0) / Math.max(1, held.length);
}

function changeDefinitions(from: Settings, random: () => number): Settings {
  const names = ['filePower', 'base', 'calls', 'glue'] as const;
  const name = names[Math.floor(random() * names.length)] ?? 'base';
  return { ...from, [name]: round(from[name] * ([0, 0.5, 0.7, 0.85, 1.2, 1.4, 2][Math.floor(random() * 7)] ?? 1)) };
}

/** One or two numbers changed by a step. */
function change(from: Settings, random: () => number): Settings {
  let next = from;
  const names = Object.keys(from.weights).filter((name): name is SignalName => name !== 'coverage' && name !== 'difference');
  for (let times = random() < 0.5 ? 1 : 2; times > 0; times--) {
    const pick = Math.floor(random() * (names.length + 5));
    const name = names[pick];
    const factor = [0, 0.5, 0.7, 1.4, 2][Math.floor(random() * 5)] ?? 1;
    if (name)
      next = {
        ...next,
        weights: { ...next.weights, [name]: round(next.weights[name] === 0 ? random() * 2 : next.weights[name] * factor) },
      };
    else if (pick === names.length) next = { ...next, k: [5, 10, 15, 20, 30, 60][Math.floor(random() * 6)] ?? 20 };
    else if (pick === names.length + 1) next = { ...next, outside: [0.3, 0.5, 0.7, 0.8, 0.9, 1][Math.floor(random() * 6)] ?? 0.7 };
    else if (pick === names.length + 2) next = { ...next, aside: [0.3, 0.5, 0.7, 0.9][Math.floor(random() * 4)] ?? 0.5 };
    else if (pick === names.length + 3) next = { ...next, leaders: [1, 2, 3, 5][Math.floor(random() * 4)] ?? 3 };
    else next = { ...next, printedPin: [0, 0.02, 0.05, 0.1][Math.floor(random() * 4)] ?? 0.05 };
  }
  return next;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** A seeded generator, so that a search can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
