import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Capture } from './capture.ts';
import { processesWith, watchUse } from './watch.ts';

/**
 * Marks every descendant of a run, those that left its process group too: the last entry of PATH, which does not exist. Tested code
 * cannot tell it from others. */
const markOf = (number: number | '') => `/usr/local/share/${session}${number === '' ? '' : `${number}/bin`}`;
const session = randomBytes(8).toString('hex');
const graceMs = 400;
const drainMs = 1_000;
let count = 0;

export type ProcessRequest = {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment of the child; nothing of ours is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What stdin holds. Closed at once when absent. */
  readonly input?: string | Uint8Array | undefined;
  /** Bytes kept of each stream: the first and the last half. Default 8 MiB; what lies between is dropped and `truncated` set. */
  readonly maxBytes?: number | undefined;
  /** File that takes stdout whole, however long. The program still writes to a pipe: it may open /dev/stdout again. */
  readonly stdoutTo?: string | undefined;
  /** Memory that the process and its descendants may hold together. Default 80 % of the machine's; Linux only. */
  readonly memoryBytes?: number | undefined;
  /** The program starts no others (git, once hardened): nobody is watched for or looked for when it has ended by itself. */
  readonly alone?: boolean | undefined;
};

/** How a process ended. `failed_to_start` carries the reason in `startError`; nothing here is thrown. */
export type ProcessResult = {
  readonly end: 'exited' | 'timeout' | 'stopped' | 'failed_to_start';
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly truncated: boolean;
  readonly durationMs: number;
  readonly startError?: string | undefined;
};

/**
 * Runs a program without a shell in its own process group. When it ends, times out, is stopped, or we are killed ourselves, every
 * descendant dies, those that called setsid or ignore SIGTERM too (found by their mark where /proc exists).
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  const started = performance.now();
  const [file, ...args] = request.argv;
  const notRun = { exitCode: null, signal: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), truncated: false } as const;
  if (request.signal?.aborted) return { end: 'stopped', ...notRun, durationMs: 0 };
  if (!file) return { end: 'failed_to_start', ...notRun, durationMs: 0, startError: 'the command is empty' };

  const mark = markOf(++count);
  const child = spawn(file, args, {
    cwd: request.cwd,
    env: marked(request.env, mark),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const reaper = child.pid && !request.alone ? watch(child.pid) : undefined;
  const stdout = new Capture(request.maxBytes ?? 8 << 20);
  const stderr = new Capture(request.maxBytes ?? 8 << 20);
  const sink = request.stdoutTo === undefined ? undefined : createWriteStream(request.stdoutTo).on('error', () => {});
  child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
  if (sink) child.stdout.pipe(sink);
  child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(request.input);

  let end: ProcessResult['end'] = 'exited';
  const finish = (why: ProcessResult['end']) => {
    if (end !== 'exited') return;
    end = why;
    void killTree(child, mark);
  };
  const onAbort = () => finish('stopped');
  request.signal?.addEventListener('abort', onAbort, { once: true });
  const unwatch =
    child.pid &&
    !request.alone &&
    watchUse(
      child.pid,
      request.cwd,
      (reason) => {
        stderr.add(Buffer.from(`\nglm-skill: the processes were ended, ${reason}\n`));
        void killTree(child, mark);
      },
      request.memoryBytes,
    );
  const timer = request.timeoutMs === undefined ? undefined : setTimeout(() => finish('timeout'), request.timeoutMs);
  try {
    const exit = await exited(child);
    if (exit.startError !== undefined) {
      return { end: 'failed_to_start', ...notRun, durationMs: performance.now() - started, startError: exit.startError };
    }
    if (!request.alone || end !== 'exited') sweep(child, mark);
    await drained(child);
    if (sink) await finished(sink.end()).catch(() => {});
    return {
      end,
      exitCode: exit.code,
      signal: exit.signal,
      stdout: stdout.bytes(),
      stderr: stderr.bytes(),
      truncated: (stdout.dropped && !sink) || stderr.dropped,
      durationMs: performance.now() - started,
    };
  } finally {
    clearTimeout(timer);
    if (unwatch) unwatch();
    request.signal?.removeEventListener('abort', onAbort);
    if (child.pid) reaper?.write(`- ${child.pid}\n`);
  }
}

function marked(env: Readonly<Record<string, string>>, mark: string): Readonly<Record<string, string>> {
  return process.platform === 'linux' ? { ...env, PATH: `${env.PATH ?? '/usr/bin:/bin'}:${mark}` } : env;
}

type Exit = { readonly code: number | null; readonly signal: string | null; readonly startError?: string };

function exited(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, startError: error.message });
    });
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Waits for the pipes to close; a survivor that holds one open is not waited for. */
async function drained(child: ChildProcess): Promise<void> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const closed = Promise.all(streams.map((stream) => (stream.closed ? undefined : new Promise((done) => stream.once('close', done)))));
  await Promise.race([closed, sleep(drainMs, undefined, { ref: false })]);
  for (const stream of streams) stream.destroy();
}

async function killTree(child: ChildProcess, mark: string): Promise<void> {
  signalGroup(child, 'SIGTERM');
  for (const pid of processesWith(mark)) signalPid(pid, 'SIGTERM');
  await sleep(graceMs, undefined, { ref: false });
  sweep(child, mark);
}

/** Kills what is left of a run. Twice, because a process may fork between the look and the kill. */
function sweep(child: ChildProcess, mark: string): void {
  for (let round = 0; round < 2; round++) {
    signalGroup(child, 'SIGKILL');
    for (const pid of processesWith(mark)) signalPid(pid, 'SIGKILL');
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on('error', () => {});
  } else signalPid(-child.pid, signal);
}

function signalPid(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

/** Waits for our end on a pipe, then kills every group that still runs and every process that carries our mark. */
const reaperScript = `trap '' HUP INT TERM
groups=
while read -r op id; do
  case $op in
    +) groups="$groups $id" ;;
    -) rest=; for g in $groups; do [ "$g" = "$id" ] || rest="$rest $g"; done; groups=$rest ;;
  esac
done
for g in $groups; do kill -9 -- "-$g" 2>/dev/null; done
for e in /proc/[0-9]*/environ; do
  if grep -qsz "^PATH=.*:$1" "$e" 2>/dev/null; then p=\${e#/proc/}; kill -9 "\${p%/environ}" 2>/dev/null; fi
done`;

let reaperInput: Writable | undefined;

function watch(pid: number): Writable | undefined {
  if (process.platform === 'win32') return undefined;
  if (!reaperInput) {
    const reaper = spawn('/bin/sh', ['-c', reaperScript, 'glm-skill-reaper', markOf('')], {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    for (const one of [reaper, reaper.stdin]) one.on('error', () => {});
    reaper.unref();
    reaperInput = reaper.stdin;
    if ('unref' in reaper.stdin && typeof reaper.stdin.unref === 'function') reaper.stdin.unref();
  }
  reaperInput.write(`+ ${pid}\n`);
  return reaperInput;
}
