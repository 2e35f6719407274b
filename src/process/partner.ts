import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program of ours that is spoken to in lines of JSON. */
export type Partner = {
  readonly send: (message: object) => void;
  /** Tells it that nothing more will come. */
  readonly close: () => void;
  /** Resolves once it is gone. */
  readonly ended: Promise<void>;
};

/**
 * Starts a program that outlives us: it has a process group of its own, and the end of its stdin is all that it hears of ours. Its
 * environment holds nothing but PATH, because the system shows it to every process of the user; what it has to know is sent.
 */
export function startPartner(argv: readonly string[], heard: (line: string) => void): Partner {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, {
    cwd: '/',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', heard);
  child.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  return {
    ended,
    send: (message) => child.stdin.write(`${JSON.stringify(message)}\n`),
    close: () => child.stdin.end(),
  };
}
