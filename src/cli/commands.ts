import { z } from 'zod';
import { GlmError } from '../errors.ts';
import { nameJob } from '../jobs/find-job.ts';
import { DoctorInput, GatewayInput, LoginInput, ServeInput, UsageInput, VariantsInput } from '../schema/input.ts';
import { type Command, command, idle } from './command.ts';
import { fleetCommands } from './fleet.ts';
import { proveCommand } from './prove.ts';
import { setupCommands } from './setup.ts';
import { useCommands } from './uses.ts';
import { door, reportOutcome, rootOf, verbCommands } from './verbs.ts';

const nothing = z.strictObject({});

/** Every verb of the CLI, in the order of the help. */
export const commands: readonly Command[] = [
  ...verbCommands,
  proveCommand,
  ...useCommands,
  ...fleetCommands,
  command({
    name: 'variants',
    summary: 'show the GLM variants with limits and prices; with --tokens, what a context costs',
    arguments: '',
    input: VariantsInput,
    idle: idle.atOnce,
    reaches: true,
    examples: ['glm-skill variants', 'glm-skill variants --tokens 32000'],
    run: async ({ input, wiring }) => {
      const { listVariants } = await import('../uses/variants.ts');
      return { exitCode: 0, ...listVariants(input, await wiring.variants(true)) };
    },
  }),
  command({
    name: 'jobs',
    summary: 'list past runs; jobs show ID prints the report of one, jobs open ID shows it as a page',
    arguments: '[show|open ID]',
    reports: true,
    input: nothing,
    idle: idle.local,
    examples: ['glm-skill jobs', 'glm-skill jobs show 01hx…', 'glm-skill jobs open 01hx…'],
    run: async ({ positionals, wiring }) => {
      const { listJobs, openJob, showJob } = await import('../uses/job-list.ts');
      const [verb, ...typed] = positionals;
      if (verb === undefined) return listJobs(wiring);
      const id = typed.length > 0 ? await nameJob(wiring.jobs.store, typed.join(' ')) : undefined;
      if (verb === 'show' && id !== undefined) {
        const shown = await showJob(wiring, id);
        return shown.report ? { ...reportOutcome(shown.report), exitCode: 0, json: shown.json } : shown;
      }
      if (verb === 'open' && id !== undefined) return openJob(wiring, id, door);
      throw new GlmError('bad_input', `jobs: not understood: ${positionals.join(' ')}.`, {
        hint: 'glm-skill jobs, glm-skill jobs show ID, or glm-skill jobs open ID',
      });
    },
  }),
  command({
    name: 'usage',
    summary: 'show what was asked and paid, by day, variant or repository',
    arguments: '',
    input: UsageInput,
    idle: idle.atOnce,
    examples: ['glm-skill usage', 'glm-skill usage --by variant --json'],
    run: async ({ input, wiring }) => (await import('./money.ts')).showUsage(input, wiring),
  }),
  command({
    name: 'login',
    summary: 'keep a key for the gateway, from a prompt or stdin; only you can read it',
    arguments: '',
    input: LoginInput,
    idle: [...idle.atOnce, 'surface', 'price'],
    reaches: true,
    examples: ['glm-skill login', 'glm-skill login < key.txt', 'glm-skill login --forget'],
    run: async ({ input, wiring, signal }) => (await import('./money.ts')).login(input.forget ?? false, wiring, signal),
  }),
  ...setupCommands,
  command({
    name: 'config',
    summary: 'config show: every setting that holds and where it comes from',
    arguments: 'show [ROOT]',
    input: nothing,
    idle: idle.atOnce,
    examples: ['glm-skill config show'],
    run: async ({ positionals: [verb, ...rest], wiring }) => {
      if (verb !== 'show')
        throw new GlmError('bad_input', 'config: only "config show" is known.', { hint: 'Edit the file to change a setting.' });
      const { showConfig } = await import('./config.ts');
      return showConfig(rootOf(rest), wiring);
    },
  }),
  command({
    name: 'doctor',
    summary: 'check everything the product leans on, one line each',
    arguments: '[ROOT]',
    input: DoctorInput,
    idle: idle.atOnce,
    reaches: true,
    examples: ['glm-skill doctor', 'glm-skill doctor --offline --json'],
    run: async ({ input, positionals, wiring, signal }) => {
      const { examine } = await import('../uses/doctor.ts');
      const lines = [
        ...(await examine(rootOf(positionals), input.offline ?? false, { ...wiring, signal })),
        ...(input.probe === undefined ? [] : await (await import('./probe.ts')).probeLines(input.probe, wiring, signal)),
      ];
      const text = lines.map((line) => `${line.level.padEnd(4)}  ${line.topic}: ${line.message}\n`).join('');
      return { exitCode: lines.some((line) => line.level === 'fail') ? 1 : 0, json: { lines }, text };
    },
  }),
  command({
    name: 'completion',
    summary: 'print a completion script for bash, zsh or fish',
    arguments: 'SHELL',
    input: nothing,
    idle: idle.atOnce,
    examples: ['glm-skill completion bash > ~/.local/share/bash-completion/completions/glm-skill'],
    run: async ({ positionals: [shell] }) => {
      const { completion, shells } = await import('./completion.ts');
      const known = shells.find((one) => one === shell);
      if (!known) throw new GlmError('bad_input', `completion: which shell? ${shells.join(', ')}.`);
      const text = completion(known, commands);
      return { exitCode: 0, text, verbatim: true, json: { shell: known, script: text } };
    },
  }),
  command({
    name: 'gateway',
    summary: 'play RunAPI on loopback with scripted replies: for tests of your own; prints its URL as JSON, ends with stdin',
    arguments: '',
    input: GatewayInput,
    idle: idle.stream,
    examples: ['glm-skill gateway --reply reply.md --port 8089'],
    run: async ({ input, signal }) => {
      const { playGateway } = await import('./gateway.ts');
      await playGateway(input, signal);
      return { exitCode: 0, text: '', json: {} };
    },
  }),
  command({
    name: 'serve',
    summary: 'serve MCP over stdio, for an agent; with --http over Streamable HTTP on this machine',
    arguments: '',
    input: ServeInput,
    idle: idle.stream,
    examples: ['glm-skill serve', 'glm-skill serve --http --port 8974 --allow-root ~/src'],
    run: async ({ input, wiring, signal, serve }) => {
      await serve(wiring.baseUrl, input, signal);
      return { exitCode: 0, text: '', json: {} };
    },
  }),
];
