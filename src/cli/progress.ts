import type { Tell } from '../schema/model.ts';

type Stream = { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined; write(text: string): unknown };

export type Progress = { readonly tell: Tell; readonly end: () => void };

const plainEveryMs = 5_000;
const liveEveryMs = 1_000;

const barWide = 20;

/** In signs that every terminal has and a screen reader passes over. */
function barOf(event: Parameters<Tell>[0]): string {
  if (event.type !== 'progress' || !event.total || event.done === undefined) return '';
  const full = Math.round((Math.min(event.done, event.total) / event.total) * barWide);
  return `[${'#'.repeat(full)}${'.'.repeat(barWide - full)}] `;
}

/**
 * Progress on stderr: on a terminal one live line with its seconds, and a bar where it is known how much there is; elsewhere, and on a
 * terminal that cannot write over (`live` is false), a plain line per stage and every few seconds.
 */
export function showProgress(stream: Stream, describe: (event: Parameters<Tell>[0]) => string, live = stream.isTTY === true): Progress {
  let line = '';
  let since = performance.now();
  let last = 0;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    const seconds = Math.floor((performance.now() - since) / 1000);
    const room = Math.max(20, (stream.columns ?? 80) - 1);
    const time = seconds > 1 ? ` (${seconds} s)` : '';
    const most = room - time.length;
    stream.write(`\r\x1b[K${line.length > most ? `${line.slice(0, most - 1)}…` : line}${time}`);
  };
  const clear = () => {
    clearInterval(timer);
    timer = undefined;
    if (line !== '') stream.write('\r\x1b[K');
    line = '';
  };
  const show = (event: Parameters<Tell>[0], text: string) => {
    if (event.type === 'warning') {
      stream.write(`\r\x1b[K${text}\n`);
      return;
    }
    if (event.type === 'stage') since = performance.now();
    line = `${barOf(event)}${text}`;
    draw();
    timer ??= setInterval(draw, liveEveryMs).unref();
  };
  return {
    tell: (event) => {
      const text = describe(event).replace(/\s+/g, ' ');
      const lasting = event.type === 'stage' || event.type === 'warning';
      if (live) show(event, text);
      else if (lasting || performance.now() - last > plainEveryMs) {
        stream.write(`${text}\n`);
        last = performance.now();
      }
    },
    end: clear,
  };
}
