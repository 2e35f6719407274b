import { createInterface } from 'node:readline/promises';
import { GlmError } from '../errors.ts';
import { openRoot } from '../repo/root.ts';
import type { SetupInput } from '../schema/input.ts';
import { applySetup } from '../setup/apply.ts';
import { planSetup } from '../setup/plan.ts';
import { printClient } from '../setup/print.ts';
import { planRemove } from '../setup/remove.ts';
import { planUpdate, setupStatus, startServers } from '../setup/status.ts';
import type { SetupOptions, SetupPlan } from '../setup/steps.ts';
import type { Wiring } from '../wiring.ts';
import type { Call, Outcome } from './command.ts';

type Given = { user?: boolean | undefined; client?: string[] | undefined; link?: boolean | undefined; force?: boolean | undefined };
type Consent = { dry_run?: boolean | undefined; yes?: boolean | undefined };

async function optionsOf({ wiring, positionals }: { wiring: Wiring; positionals: readonly string[] }, given: Given): Promise<SetupOptions> {
  if (positionals.length > 1) throw new GlmError('bad_input', `One folder at most, not ${positionals.length}.`);
  const { root } = await openRoot(positionals[0] ?? process.cwd(), wiring.folders.home);
  return {
    root,
    env: wiring.env,
    folders: wiring.folders,
    platform: process.platform,
    scope: given.user ? 'user' : 'workspace',
    clients: given.client,
    link: given.link,
    force: given.force,
  };
}

/** Shows the plan, asks where someone can be asked, and carries it out. */
async function carryOut(plan: SetupPlan, { dry_run, yes }: Consent, call: Call<unknown>, done: string): Promise<Outcome> {
  const { work: _work, ...shown } = plan;
  const table = planText(plan);
  const refused = plan.steps.some((step) => step.action === 'refuse');
  const open = plan.steps.some((step) => step.action !== 'keep' && step.action !== 'refuse');
  const result = (written: boolean, text: string) => ({ exitCode: refused ? 1 : 0, json: { ...shown, written }, text });
  if (dry_run || !open) return result(false, `${table}${open ? 'Nothing was written: this was a dry run.\n' : 'Nothing to do.\n'}`);
  if (!yes) {
    if (!process.stdin.isTTY)
      throw new GlmError('bad_input', 'Nobody can be asked here.', { hint: 'Look with --dry-run, then pass --yes.' });
    process.stderr.write(table);
    if (!(await agreed(call.signal))) return result(false, 'Nothing was written.\n');
  }
  await applySetup(plan, call.wiring.folders);
  return result(true, `${table}${done}\n`);
}

async function agreed(signal: AbortSignal): Promise<boolean> {
  const line = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await line.question('Write this? [y/N] ', { signal })).trim());
  } finally {
    line.close();
  }
}

function planText({ steps, notes }: SetupPlan): string {
  const lines = steps.map(
    (step) =>
      `${step.action.padEnd(7)} ${step.kind.padEnd(6)} ${step.path}  ${step.why}${step.clients.length > 0 ? ` (${step.clients.join(', ')})` : ''}`,
  );
  return `${[...lines, ...notes.map((note) => `note: ${note}`)].join('\n')}\n`;
}

type Setup = Call<Omit<SetupInput, 'root'>>;

export async function runSetup(call: Setup): Promise<Outcome> {
  const options = await optionsOf(call, call.input);
  if (call.input.print === undefined) {
    return carryOut(await planSetup(options), call.input, call, 'Done. glm-skill doctor checks it, glm-skill remove takes it back.');
  }
  const printed = await printClient(call.input.print, options);
  const text = `${printed.name}: ${printed.files.join(' or ')}\n\n${printed.text}${printed.note ? `\n${printed.note}\n` : ''}`;
  return { exitCode: 0, json: printed, text, verbatim: true };
}

export async function runStatus(call: Setup): Promise<Outcome> {
  const options = await optionsOf(call, call.input);
  const status = await setupStatus(options);
  const starts = await startServers(options, status);
  const lines = status.items.map((item) => `${item.state.padEnd(8)} ${item.kind.padEnd(6)} ${item.path}  ${item.why}`);
  const tried = starts.map((one) =>
    one.started ? `starts   server ${one.path}  ${one.tools} tools in ${one.ms} ms` : `fails    server ${one.path}  ${one.why}`,
  );
  const drift = status.items.some((item) => item.state !== 'ok') || starts.some(({ started }) => !started);
  return { exitCode: drift ? 1 : 0, json: { ...status, starts }, text: `${[...lines, ...tried, ...status.notes].join('\n')}\n` };
}

export async function runUpdate(call: Setup): Promise<Outcome> {
  return carryOut(await planUpdate(await optionsOf(call, call.input)), call.input, call, 'Done.');
}

export async function runRemove(call: Setup): Promise<Outcome> {
  return carryOut(await planRemove(await optionsOf(call, call.input)), call.input, call, 'Done.');
}
