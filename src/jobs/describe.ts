import { neutralise } from '../safety/text.ts';
import type { Event } from '../schema/model.ts';

/** What is going on, for a human; nothing in it steers a terminal, since names of tests come from the repository. */
export function describe(event: Event): string {
  return neutralise(wordsOf(event));
}

function wordsOf(event: Event): string {
  switch (event.type) {
    case 'stage':
      return `${event.stage}: ${event.message}`;
    case 'tokens':
      return event.reasoning ? `thinking, ${event.received} tokens so far` : `reply, ${event.received} tokens so far`;
    case 'progress':
    case 'warning':
      return event.message;
  }
}
