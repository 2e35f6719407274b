import type { BatchEvent } from '../fleet/types.ts';
import { wentWell } from '../report/batch/text.ts';
import { usd } from '../report/markdown.ts';
import { neutralise } from '../safety/text.ts';
import { type Amount, unknown } from '../schema/model.ts';

type Stream = {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
};

export type Live = { readonly tell: (event: BatchEvent) => void; readonly end: () => void };

const everyMs = 250;
const mostShown = 12;

/** How a batch stands, on stderr: on a terminal that can write over (`live`) a table that is drawn anew, elsewhere a line for each row and each cause that ends. */
export function showBatch(stream: Stream, live: boolean, total: number): Live {
  const running = new Map<string, { readonly line: number; readonly name: string; readonly text: string }>();
  const ended = new Map<number, boolean>();
  let money: Amount = 0;
  let proven = 0;
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;

  const heading = () => {
    const well = [...ended.values()].filter(Boolean).length;
    const spent = money === unknown ? 'cost not fully known' : usd(money);
    const counts = [`${ended.size} of ${total} rows done`, `${running.size} running`, `${total - ended.size - running.size} waiting`];
    return [...counts, `${well} well`, `${proven} verified`, spent].join(' · ');
  };
  const erase = () => {
    if (drawn > 0) stream.write(`\x1b[${drawn}A\r\x1b[J`);
    drawn = 0;
  };
  const draw = () => {
    const width = Math.max(20, (stream.columns ?? 80) - 1);
    const room = Math.max(1, Math.min(mostShown, (stream.rows ?? 24) - 4));
    const all = [...running.values()].sort((a, b) => a.line - b.line);
    const lines = all.slice(0, room).map(({ line, name, text }) => `${String(line).padStart(5)}  ${name.slice(0, 28).padEnd(28)}  ${text}`);
    const more = all.length > room ? [`       and ${all.length - room} more`] : [];
    erase();
    const shown = [heading(), ...lines, ...more].map((one) =>
      neutralise(one)
        .replace(/\s*\n\s*/g, ' ')
        .slice(0, width),
    );
    stream.write(`${shown.join('\n')}\n`);
    drawn = shown.length;
  };
  const say = (text: string) => {
    if (live) erase();
    stream.write(`${neutralise(text).replace(/\s+/g, ' ')}\n`);
  };

  return {
    tell: (event) => {
      if (event.type === 'task') {
        const key = `${event.line} ${event.doing}`;
        if (event.state === 'running') running.set(key, { line: event.line, name: event.name, text: `${event.doing}: ${event.message}` });
        else running.delete(key);
      } else if (event.type === 'row') {
        if (event.status === 'verified') proven++;
        ended.set(event.line, wentWell(event));
        say(`line ${event.line}${event.name && `: ${event.name}`}: ${event.status}. ${event.summary}`.slice(0, 300));
      } else {
        if (!event.unpaid) money = money === unknown || event.costUsd === unknown ? unknown : money + event.costUsd;
        say(
          `cause ${event.fingerprint.slice(0, 8)} (${event.class}) on ${event.rows.length} rows: ${event.status}. ${event.cause}`.slice(
            0,
            300,
          ),
        );
      }
      if (!live) return;
      timer ??= setInterval(draw, everyMs).unref();
    },
    end: () => {
      clearInterval(timer);
      timer = undefined;
      if (live) erase();
    },
  };
}
