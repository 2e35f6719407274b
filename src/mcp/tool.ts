import type { z } from 'zod';
import type { Event } from '../schema/model.ts';
import type { World } from '../world.ts';

/** What a tool sees of a call, whatever SDK carries it. */
export type ToolContext = {
  readonly world: World;
  readonly signal: AbortSignal;
  readonly tell: (event: Event) => void;
  /** The repository: the argument, else what the client or the folder says. Refused with a sentence when there is none. */
  readonly root: (given: string | undefined) => Promise<string>;
};

/** Both forms say the same, each within the limit: some clients show the model only the first, some only the second. */
export type ToolResult = { readonly structured: Record<string, unknown>; readonly text: string; readonly links?: readonly Link[] };
export type Link = { readonly uri: string; readonly name: string; readonly mimeType: string };

/**
 * A tool is a value. `touches` and `sends` have no default, so that nobody forgets to answer: what it may change, and whether anything
 * goes to the model.
 */
export type Tool<Input extends z.ZodObject = z.ZodObject> = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly touches: 'nothing' | 'worktree' | 'repo';
  readonly sends: boolean;
  readonly run: (input: z.infer<Input>, context: ToolContext) => Promise<ToolResult>;
};

export function tool<Input extends z.ZodObject>(one: Tool<Input>): Tool {
  return { ...one, run: (input, context) => one.run(one.input.parse(input), context) };
}
