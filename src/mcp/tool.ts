import { z } from 'zod';
import { GlmError } from '../errors.ts';
import type { Event } from '../schema/model.ts';
import { sayIssue } from '../schema/say-issue.ts';
import type { Wiring } from '../wiring.ts';

/** What a tool sees of a call, whatever SDK carries it. */
export type ToolContext = {
  readonly wiring: Wiring;
  /** Aborted once nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Whether that is because the caller wants the work stopped, not because the connection is gone. */
  readonly isCancelled: () => boolean;
  /** Aborted once the server goes down: a call answers with where its job stands. */
  readonly draining: AbortSignal;
  readonly tell: (event: Event) => void;
  /** The repository: the argument, else what the client or the folder says. Refused with a sentence when there is none. */
  readonly root: (given: string | undefined) => Promise<string>;
  /**
   * Asks the user a yes-or-no question through the client, until that time (`performance.now()`) at most. False for everything but a yes:
   * most clients cannot ask, and one without a screen declines. So it is asked only for what would else be refused.
   */
  readonly confirm: (question: string, until: number) => Promise<boolean>;
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
  /** Whether its answer is a report that hosts may show in the view (`ui://`). */
  readonly shown?: boolean | undefined;
  readonly run: (input: z.infer<Input>, context: ToolContext) => Promise<ToolResult>;
};

export function tool<Input extends z.ZodObject>(one: Tool<Input>): Tool {
  return { ...one, run: (input, context) => one.run(readInput(one.input, input), context) };
}

/**
 * The input as it is listed: types and descriptions, without the limits that cost tokens in every client. `tool` holds the limits when
 * it is called. Unknown arguments are an error that names them.
 */
export function leanInput(input: z.ZodObject): z.ZodObject {
  const shape = Object.fromEntries(Object.entries(input.shape).map(([name, field]) => [name, lean(field)]));
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown argument ${issue.keys.map((key) => `"${key}"`).join(', ')}: remove it and call again`
        : undefined,
  });
}

/**
 * A schema without the name of its dialect: its few words mean the same in each, no client stumbles over one that it does not know, and
 * twelve addresses cost what a sentence for each tool does. What may have further members says so by not forbidding them.
 */
export function withoutDialect({ $schema: _, additionalProperties: more, ...told }: Record<string, unknown>): Record<string, unknown> {
  return more === false ? { ...told, additionalProperties: more } : told;
}

function lean(field: unknown): z.ZodType {
  const optional = field instanceof z.ZodOptional;
  const inner = optional ? field.unwrap() : field;
  const bare = bareType(inner);
  const described = field instanceof z.ZodType && field.description ? bare.describe(field.description) : bare;
  return optional ? described.optional() : described;
}

function bareType(field: unknown): z.ZodType {
  if (field instanceof z.ZodNumber) return z.number();
  if (field instanceof z.ZodBoolean) return z.boolean();
  if (field instanceof z.ZodEnum) return field;
  if (field instanceof z.ZodArray) return z.array(z.string());
  return z.string();
}

function readInput<Input extends z.ZodObject>(schema: Input, given: unknown): z.infer<Input> {
  const parsed = schema.safeParse(given, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new GlmError('bad_input', `Argument ${issue?.path.map(String).join('.')} ${issue ? sayIssue(issue) : 'is not of the right form'}.`);
}
