import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Collected, collect } from '../src/context/rank/collect.ts';
import { type Ranking, rank } from '../src/context/rank/rank.ts';
import { type Settings, type SignalName, settings } from '../src/context/rank/weights.ts';
import { measureBaselines } from './baselines.ts';
import { caseFlags } from './case-flags.ts';
import { type Case, openers } from './cases.ts';
import { readInstances } from './instances.ts';
import { type Figures, mean, measure, measureFiles, show } from './measure.ts';
import { plot } from './plot.ts';

/**
 * Localization on real bugs: node bench/run.mjs localize --list LIST.jsonl --checkouts DIR --runs DIR --gold DIR [--verbose] [--ablate] [--baselines] [--svg FILE] [--no-coverage],
 * or, on mined instances, --list MINED.jsonl --mirrors DIR, where DIR/<owner>+<name>/repo is a bare clone.
 */
export async function main(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      ...caseFlags,
      baselines: { type: 'boolean', default: false },
      svg: { type: 'string' },
      only: { type: 'string', default: '' },
      verbose: { type: 'boolean', default: false },
      show: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] },
      ablate: { type: 'boolean', default: false },
      'no-coverage': { type: 'boolean', default: false },
    },
  });
  const all: Figures[] = [];
  const byRepo = new Map<string, Figures[]>();
  const simpler = new Map<string, Figures[]>();
  const swept = new Map<string, Figures[]>();
  const ablated = new Map<SignalName, Figures[]>();
  const open = openers({ ...values, traced: !values['no-coverage'] }, values.mirrors);
  for (const instance of readInstances(values.list)) {
    if (!instance.id.includes(values.only)) continue;
    const one = await open(instance);
    if (!one) {
      console.log(`${instance.id}: no failures or no gold diff`);
      continue;
    }
    const started = performance.now();
    const collected = collect(one.input);
    const ranking = rank(collected);
    for (const change of values.set) {
      const other = withSettings(change);
      const again = collect(one.input, other);
      swept.set(change, [...(swept.get(change) ?? []), measure(one, rank(again, other), again)]);
    }
    const ms = performance.now() - started;
    const figures = { ...measure(one, ranking, collected), ms };
    all.push(figures);
    byRepo.set(instance.repo, [...(byRepo.get(instance.repo) ?? []), figures]);
    const places = instance.gold_files.map((file) => `${file}=${ranking.files.findIndex(({ path }) => path === file) + 1}`);
    if (values.verbose) console.log(instance.id.padEnd(48), show(figures), places.join(' '));
    if (values.show) explain(one, ranking, collected);
    if (values.baselines)
      for (const [name, figures] of measureBaselines(one, collected)) simpler.set(name, [...(simpler.get(name) ?? []), figures]);
    if (values.ablate) ablate(one, collected, ablated);
  }
  if (byRepo.size > 1) for (const [repo, list] of byRepo) console.log(repo.padEnd(36), String(list.length).padStart(3), show(mean(list)));
  console.log('all'.padEnd(36), String(all.length).padStart(3), show(mean(all)));
  for (const [name, list] of simpler) console.log(name.padEnd(40), show(mean(list)));
  if (values.svg)
    await writeFile(
      values.svg,
      plot(new Map([['glm-skill', mean(all)], ...[...simpler].map(([name, list]): [string, Figures] => [name, mean(list)])])),
    );
  for (const [change, list] of swept) console.log(change.padEnd(40), show(mean(list)));
  for (const [name, list] of ablated) console.log(`without ${name}`.padEnd(40), show(mean(list)));
}

/** `--set calls=0.5,weights.path=2`: the figures with other settings. */
function withSettings(change: string): Settings {
  let next: Settings = settings;
  for (const [path = '', value] of change.split(',').map((pair) => pair.split('='))) {
    const [group = '', name] = path.split('.');
    if (name !== undefined && group === 'weights' && isSignal(name))
      next = { ...next, weights: { ...next.weights, [name]: Number(value) } };
    else if (name !== undefined && group === 'parts') next = { ...next, parts: { ...next.parts, [name]: Number(value) } };
    else if (group in next) next = { ...next, [group]: Number(value) };
    else throw new Error(`no setting ${path}`);
  }
  return next;
}

function ablate(one: Case, collected: Collected, into: Map<SignalName, Figures[]>): void {
  for (const name of Object.keys(settings.weights)) {
    if (!isSignal(name)) continue;
    const files = rank(collected, { ...settings, weights: { ...settings.weights, [name]: 0 } }).files.map(({ path }) => path);
    into.set(name, [...(into.get(name) ?? []), measureFiles(one.instance.gold_files, files)]);
  }
}

const isSignal = (name: string): name is SignalName => name in settings.weights;

function explain(one: Case, ranking: Ranking, collected: Collected): void {
  const gold = new Set(one.instance.gold_files);
  console.log(`\n${one.instance.id}: ${one.input.failure.id}`);
  console.log(
    'tests:',
    JSON.stringify([...ranking.question.tests]),
    'fixtures',
    ranking.question.fixtures.join(' '),
    'closure',
    ranking.distances.size,
    collected.closed,
  );
  const words = [...ranking.question.words].sort((a, b) => b[1] - a[1]).slice(0, 40);
  console.log('words:', words.map(([word, weight]) => `${word} ${weight.toFixed(1)}`).join(', '));
  ranking.files.forEach((file, i) => {
    if (i < 8 || gold.has(file.path))
      console.log(`${gold.has(file.path) ? '*' : ' '} ${i + 1} ${file.path} ${file.score.toFixed(4)} ${file.evidence.join(' | ')}`);
  });
  ranking.segments.forEach(({ source, segment, total, words }, i) => {
    const hit = one.gold.get(source.path)?.filter((line) => line >= segment.startLine && line <= segment.endLine).length ?? 0;
    if (i < 12 || hit > 0)
      console.log(
        `${hit > 0 ? `*${hit}` : ' '} ${i + 1} ${source.path}:${segment.startLine}-${segment.endLine} ${segment.kind} ${segment.title} ${total.toFixed(3)} ${words.join(' ')}`,
      );
  });
}
