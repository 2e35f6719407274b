import type { z } from 'zod';
import type { Deps } from '../schema/deps.ts';
import type { ServeInput } from '../schema/input.ts';
import type { Tell } from '../schema/model.ts';
import type { Report } from '../schema/report.ts';
import type { Wiring } from '../wiring.ts';

/** What a verb came to: text for people, one JSON document for programs, and the report where there is one, to be shown in other forms. */
export type Outcome = {
  readonly exitCode: number;
  readonly text: string;
  readonly json: unknown;
  readonly report?: Report | undefined;
  /** A page of its own, where there is no report. */
  readonly page?: (() => Promise<string>) | undefined;
  /** The text is there to be copied, to the letter. */
  readonly verbatim?: true | undefined;
  /** The document is the last line of a stream. */
  readonly streamed?: true | undefined;
};

export type Call<Input> = {
  readonly input: Input;
  readonly positionals: readonly string[];
  readonly wiring: Wiring;
  readonly tell: Tell;
  readonly signal: AbortSignal;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly callback: string | undefined;
  /** Is told what a pack rests on. */
  readonly rests: Deps['rests'];
  /** Opens the other door: the MCP server. */
  readonly serve: (baseUrl: string | undefined, input: ServeInput, signal: AbortSignal) => Promise<void>;
};

/** A verb of the CLI. `arguments` is how its positionals are written in help. */
export type Command<Input extends z.ZodObject = z.ZodObject> = {
  readonly name: string;
  readonly summary: string;
  readonly arguments: string;
  readonly input: Input;
  /** Whether it may turn to the gateway, hence takes the flags that steer it. */
  readonly reaches?: boolean | undefined;
  /** Whether it gives a report, hence takes the flags that say in which form. */
  readonly reports?: boolean | undefined;
  /** Flags of every verb that do nothing for this one: taken, so that scripts may give them to any, and not listed. */
  readonly idle?: readonly string[] | undefined;
  readonly examples: readonly string[];
  readonly run: (call: Call<z.infer<Input>>) => Promise<Outcome>;
};

/** What a verb has no use for that is done at once and says nothing on the way; what has no document; what only reads or writes files. */
export const idle = { atOnce: ['quiet'], stream: ['quiet', 'json'], local: ['quiet', 'callback', 'base-url'] } as const;

/** Keeps the types of input and run together, then forgets them, so that commands of different inputs stand in one list. */
export function command<Input extends z.ZodObject>(one: Command<Input>): Command {
  return { ...one, run: (call) => one.run({ ...call, input: one.input.parse(call.input) }) };
}
