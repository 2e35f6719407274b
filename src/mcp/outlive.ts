import { messageOf } from '../errors.ts';

/**
 * The last net of a server that works for many: what nobody has handled is written down as the bug that it is, and every other job goes
 * on. A process that has lost its footing (memory, stack) still ends.
 */
export function outlive(): void {
  // What ends a command line with a sentence must not end a server.
  process.removeAllListeners('uncaughtException');
  process.on('unhandledRejection', note);
  process.on('uncaughtException', (error) => {
    note(error);
    if (error instanceof RangeError) process.exit(70);
  });
}

function note(error: unknown): void {
  process.stderr.write(`bug: ${error instanceof Error ? (error.stack ?? messageOf(error)) : String(error)}\n`);
}
