import type { Tell } from '../schema/model.ts';

type Stream = { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined; write(text: string): unknown };

export type Progress = { readonly tell: Tell; readonly end: () => void };

const plainEveryMs = 5_000;

/** Progress on stderr: one live line on a terminal, a plain line per stage and every few seconds elsewhere. */
export function showProgress(stream: Stream, describe: (event: Parameters<Tell>[0]) => string): Progress {
  let shown = 0;
  let last = 0;
  const clear = () => {
    if (shown > 0) stream.write(`\r\x1b[K`);
    shown = 0;
  };
  return {
    tell: (event) => {
      const line = describe(event).replace(/\s+/g, ' ');
      const lasting = event.type === 'stage' || event.type === 'warning';
      if (stream.isTTY) {
        const room = Math.max(20, (stream.columns ?? 80) - 1);
        clear();
        if (event.type === 'warning') stream.write(`${line}\n`);
        else {
          stream.write(line.slice(0, room));
          shown = 1;
        }
      } else if (lasting || performance.now() - last > plainEveryMs) {
        stream.write(`${line}\n`);
        last = performance.now();
      }
    },
    end: clear,
  };
}
