import { setMaxListeners } from 'node:events';
import { asProblem, GlmError, messageOf, Stopped } from '../errors.ts';
import { describe } from '../jobs/describe.ts';
import { wrap } from '../report/screen/wrap.ts';
import type { Rests } from '../schema/deps.ts';
import { variableOf } from '../settings.ts';
import { openWiring } from '../wiring.ts';
import type { Call, Command } from './command.ts';
import { commands } from './commands.ts';
import { flagsOf, parseFlags, readInput, Steering, sharedFlags } from './flags.ts';
import { helpOf, overview } from './help.ts';
import { didYouMean } from './nearest.ts';
import { showProgress } from './progress.ts';
import { textOf, widthOf, writeForms } from './show.ts';

/** What only the entrance knows: the version, and the other door. */
export type Entrance = {
  readonly version: string;
  readonly serve: Call<unknown>['serve'];
  /** Keeps what is printed, for the same question asked again. */
  readonly keep?: ((on: Rests & { readonly text: string }) => void) | undefined;
};

/** One command from argv: text or one JSON document on stdout, progress on stderr, the exit code as result. */
export async function main(verb: string | undefined, words: readonly string[], entrance: Entrance): Promise<number> {
  const { version } = entrance;
  const [about] = words.filter((word) => !word.startsWith('-'));
  if (verb === 'help' && about !== undefined) return main(about, ['--help'], entrance);
  if (verb === undefined || verb === 'help' || verb === '--help' || verb === '-h') return print(overview(version, widthOf(process.stdout)));
  if (verb === '--version' || verb === 'version' || verb === '-v' || verb === '-V') return print(`${version}\n`);
  const json = words.includes('--json');
  // Whoever reads us may stop before we have said all.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    const names = commands.map((one) => one.name);
    const found = commands.find((one) => one.name === verb);
    if (!found)
      throw new GlmError('bad_input', `There is no verb "${verb}".`, {
        hint: didYouMean(verb, names) ?? 'glm-skill --help lists the verbs.',
      });
    return await run(found, words, entrance);
  } catch (error) {
    return fail(error, json);
  }
}

async function run(found: Command, words: readonly string[], { serve, keep }: Entrance): Promise<number> {
  const parsed = parseFlags(found.name, words, flagsOf(found.input), sharedFlags(found));
  if (parsed.common.help) return print(helpOf(found, widthOf(process.stdout)));
  const input = readInput(found.input, parsed.values);
  const control = new AbortController();
  // Every process that runs beside another listens to it, and a list is read by many at once.
  setMaxListeners(0, control.signal);
  const stop = () => control.abort();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, stop);
  const steering = Object.entries(readInput(Steering, parsed.steering)).map(([name, value]) => [variableOf(name), value]);
  const wiring = openWiring(parsed.common.baseUrl, Object.fromEntries(steering));
  const live = process.stderr.isTTY === true && wiring.env.TERM !== 'dumb';
  const progress = parsed.common.quiet ? { tell: () => {}, end: () => {} } : showProgress(process.stderr, describe, live);
  let rests: Rests | undefined;
  try {
    const outcome = await found.run({
      input,
      positionals: parsed.positionals,
      wiring,
      tell: progress.tell,
      signal: control.signal,
      serve,
      json: parsed.common.json,
      quiet: parsed.common.quiet,
      callback: parsed.common.callback,
      rests: (on) => {
        rests = on;
      },
    });
    progress.end();
    await writeForms(outcome, parsed.common);
    const text = await textOf(outcome, parsed.common, process.stdout, wiring.env);
    const given = parsed.values.report ?? parsed.values.log;
    const { callback, html, ci } = parsed.common;
    const alone = [callback, html, ci, parsed.values.replay].every((one) => one === undefined);
    if (keep && rests && typeof given === 'string' && alone && outcome.exitCode === 0)
      keep({ ...rests, files: [given, ...rests.files], text });
    return print(text, outcome.exitCode);
  } finally {
    progress.end();
    await wiring.jobs.close();
  }
}

/** Waits until stdout has taken the text: a pipe may be slower than our exit. */
async function print(text: string, exitCode = 0): Promise<number> {
  await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  return exitCode;
}

async function fail(error: unknown, json: boolean): Promise<number> {
  const { code, message, hint, exitCode } = explain(error);
  if (json) await print(`${JSON.stringify({ error: { code, message, ...(hint && { hint }) } }, null, 2)}\n`);
  process.stderr.write(`${wrap(`${code}: ${message}${hint ? `\n${hint}` : ''}`, widthOf(process.stderr))}\n`);
  return exitCode;
}

function explain(thrown: unknown): { code: string; message: string; hint?: string | undefined; exitCode: number } {
  const error = asProblem(thrown);
  if (error instanceof GlmError) return { code: error.code, message: error.message, hint: error.hint, exitCode: 2 };
  if (error instanceof Stopped)
    return { code: 'stopped', message: 'The same command again resumes and pays for nothing twice.', exitCode: 130 };
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return { code: 'bug', message: messageOf(error), hint: 'This is a bug in glm-skill, not in your repository.', exitCode: 70 };
}
