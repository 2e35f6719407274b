import type { OpenAI } from 'openai';
import type { Message, Usage } from '../../schema/model.ts';

/** What one event of a stream says, whatever the surface. `finish` holds the reason in the words of Chat Completions. */
export type Piece =
  /** `whole`: the text perhaps repeats all that came before it, or surely holds all that there is. */
  | { readonly type: 'text'; readonly text: string; readonly whole?: 'perhaps' | 'surely' | undefined }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'tool' }
  | { readonly type: 'finish'; readonly reason: string }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'model'; readonly model: string }
  | { readonly type: 'error'; readonly error: unknown }
  | { readonly type: 'broken' }
  | { readonly type: 'end' };

export type SurfaceRequest = { readonly model: string; readonly messages: readonly Message[]; readonly maxTokens: number };

type SendOptions = {
  readonly signal: AbortSignal;
  /** Whether usage is asked for in the stream, where the surface has to be asked. */
  readonly askUsage: boolean;
  /** Whether thinking is asked for by name: only where a probe has shown that the gateway takes it. */
  readonly think?: boolean | undefined;
};

/** One of the protocols that a gateway speaks. */
export type Surface = {
  readonly name: 'chat' | 'responses' | 'messages';
  readonly send: (client: OpenAI, request: SurfaceRequest, options: SendOptions) => Promise<Response>;
  readonly read: (event: { readonly event?: string | undefined; readonly data: string }) => readonly Piece[];
  /** Reads a reply that came in one piece although a stream was asked for. */
  readonly readWhole: (body: unknown) => readonly Piece[];
};
