import { setTimeout as sleep } from 'node:timers/promises';
import { sse } from './encode.ts';
import { type Fault, open } from './wire.ts';

const longestMs = 3_600_000;
const half = (events: readonly string[]) => events.slice(0, Math.ceil(events.length / 2));
const endMark = /\[DONE\]|message_stop|response\.completed/;

/** Says what `pick` makes of a reply, and then nothing more for an hour. */
function leaveOpen(about: string, pick: (events: readonly string[]) => readonly string[]): Fault {
  return {
    about: `${about}, and the connection stays open`,
    async send(wire) {
      const response = open(wire);
      for (const event of pick(wire.encoded.events)) response.write(event);
      await sleep(longestMs, undefined, { ref: false });
    },
  };
}

export const openFaults: Readonly<Record<string, Fault>> = {
  'hold-open': leaveOpen('the whole reply', (events) => events),
  'stop-open': leaveOpen('the whole reply without its end marker', (events) => events.filter((event) => !endMark.test(event))),
  'error-open': leaveOpen('half of the text and an error', (events) => [
    ...half(events),
    sse({ error: { code: '1234', message: 'network error' } }),
  ]),
  'garbled-open': leaveOpen('half of the text and an event that cannot be read', (events) => [...half(events), 'data: {"choices": [{\n\n']),
};
