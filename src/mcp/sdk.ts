import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { ElicitResultSchema, ListRootsResultSchema, type ServerNotification, type ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { GlmError, messageOf, Stopped } from '../errors.ts';
import { describe } from '../jobs/run.ts';
import type { Wiring } from '../wiring.ts';
import { instructions } from './instructions.ts';
import { prompts } from './prompts.ts';
import { readResource, resources } from './resources.ts';
import { checkGiven, findRoot } from './root.ts';
import { leanInput, type Tool, type ToolContext } from './tool.ts';
import { tools } from './tools.ts';

const heartbeatMs = 5_000;
const confirmMs = 30_000;
const outputSchema = z.looseObject({ status: z.string(), summary: z.string() });

/** The only file that knows the SDK: tools, prompts and resources are values of ours, registered here. */
export function makeServer(wiring: Wiring, version: string, allowedRoots: readonly string[] = []): McpServer {
  const server = new McpServer(
    { name: 'glm', title: 'GLM skill', version },
    { instructions, capabilities: { tools: {}, prompts: {}, resources: {}, logging: {} } },
  );
  for (const one of tools) registerTool(server, wiring, one, allowedRoots);
  for (const one of prompts) {
    const argsSchema = Object.fromEntries(
      one.arguments.map(({ name, description }) => [name, z.string().optional().describe(description)]),
    );
    server.registerPrompt(one.name, { title: one.title, description: one.description, argsSchema }, (args) => ({
      messages: [{ role: 'user', content: { type: 'text', text: one.text(args) } }],
    }));
  }
  for (const one of resources) {
    const read = async (uri: URL) => ({ contents: [{ uri: uri.href, mimeType: one.mimeType, text: await readResource(uri, wiring) }] });
    const about = { title: one.title, description: one.description, mimeType: one.mimeType };
    const { names } = one;
    if (names) {
      const [variable = ''] = /(?<=\{)\w+/.exec(one.uri) ?? [];
      const complete = { [variable]: async (begun: string) => (await names(wiring)).filter((name) => name.startsWith(begun)) };
      server.registerResource(one.name, new ResourceTemplate(one.uri, { list: undefined, complete }), about, read);
    } else server.registerResource(one.name, one.uri, about, read);
  }
  return server;
}

function registerTool(server: McpServer, wiring: Wiring, one: Tool, allowedRoots: readonly string[]): void {
  const annotations = {
    title: one.title,
    readOnlyHint: one.touches !== 'repo',
    destructiveHint: one.touches === 'repo',
    idempotentHint: false,
    openWorldHint: one.sends,
  };
  const inputSchema = leanInput(one.input);
  server.registerTool(
    one.name,
    { title: one.title, description: one.description, inputSchema, outputSchema, annotations },
    async (input, extra) => {
      const progress = startProgress(extra._meta?.progressToken, (params) =>
        extra.sendNotification({ method: 'notifications/progress', params }),
      );
      const context: ToolContext = {
        wiring,
        signal: extra.signal,
        tell: (event) => progress.say(describe(event)),
        root: async (given) => {
          const root = await findRoot(given, {
            env: wiring.env,
            home: wiring.folders.home,
            clientRoots: () => clientRoots(server, extra),
            allowed: allowedRoots,
          });
          await checkGiven(input, root, allowedRoots);
          return root;
        },
        confirm: (question, until) => confirm(server, extra, question, until),
      };
      try {
        const { structured, text, links = [] } = await one.run(input, context);
        const content = [{ type: 'text' as const, text }, ...links.map((link) => ({ type: 'resource_link' as const, ...link }))];
        return { content, structuredContent: structured };
      } catch (error) {
        return failure(one.name, error);
      } finally {
        progress.end();
      }
    },
  );
}

/** A problem that the caller can mend, as a failed result with code and hint; a bug goes to stderr with its stack. */
function failure(name: string, error: unknown) {
  const { code, message, hint } = sayError(name, error);
  return { isError: true, content: [{ type: 'text' as const, text: `${code}: ${message}${hint ? `\n${hint}` : ''}` }] };
}

function sayError(name: string, error: unknown): { code: string; message: string; hint?: string | undefined } {
  if (error instanceof GlmError) return error;
  if (error instanceof Stopped) return { code: 'stopped', message: 'The call was cancelled; make it again to resume.' };
  process.stderr.write(`${name}: bug: ${error instanceof Error ? error.stack : String(error)}\n`);
  return { code: 'bug', message: messageOf(error), hint: 'This is a bug in glm-skill; the stack is on its stderr.' };
}

type ProgressParams = { progressToken: string | number; progress: number; message: string };

/** Progress while a call runs: at once when something is said, and every few seconds all the same. Counts upwards only. */
function startProgress(token: string | number | undefined, send: (params: ProgressParams) => Promise<void>) {
  if (token === undefined) return { say: () => {}, end: () => {} };
  let count = 0;
  let message = 'starting';
  let last = 0;
  const push = () => {
    last = performance.now();
    send({ progressToken: token, progress: ++count, message }).catch(() => {});
  };
  const timer = setInterval(push, heartbeatMs);
  return {
    say: (line: string) => {
      message = line;
      if (performance.now() - last > 500) push();
    },
    end: () => clearInterval(timer),
  };
}

/** What the SDK hands to a call. Questions to the client go through it, so that over HTTP they travel with the call's own answer. */
type Extra = Pick<RequestHandlerExtra<ServerRequest, ServerNotification>, 'sendRequest' | 'signal'>;

/** The folders that the client says it works on; none where it does not say so in time. */
async function clientRoots(server: McpServer, { sendRequest, signal }: Extra): Promise<readonly string[]> {
  if (!server.server.getClientCapabilities()?.roots) return [];
  const listed = sendRequest({ method: 'roots/list' }, ListRootsResultSchema, { timeout: 2_000, signal });
  return (await listed.catch(() => ({ roots: [] }))).roots.map((root) => root.uri);
}

async function confirm(server: McpServer, { sendRequest, signal }: Extra, question: string, until: number): Promise<boolean> {
  const { elicitation } = server.server.getClientCapabilities() ?? {};
  const timeout = Math.min(until - performance.now(), confirmMs);
  if (!elicitation?.form || timeout < 1_000) return false;
  const params = { message: question, requestedSchema: { type: 'object' as const, properties: {} } };
  const asked = sendRequest({ method: 'elicitation/create', params }, ElicitResultSchema, { timeout, signal });
  return (await asked.catch(() => undefined))?.action === 'accept';
}

/** Connects over stdio. `write` is the real stdout: whatever else prints, prints elsewhere. Resolves when the client is gone. */
export async function connectStdio(server: McpServer, write: (chunk: Uint8Array | string, done: () => void) => void): Promise<void> {
  const output = new Writable({ write: (chunk, _encoding, done) => write(chunk, () => done()) });
  const transport = new StdioServerTransport(process.stdin, output);
  const closed = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    process.stdin.once('error', () => resolve());
    // A message of more than 10 MB ends the transport, not stdin.
    server.server.onclose = resolve;
  });
  server.server.onerror = (error) => process.stderr.write(`stdio: ${messageOf(error).slice(0, 300)}\n`);
  await server.connect(transport);
  await closed;
}

/** One client over HTTP, with a server of its own, so that answers of two clients never meet. */
export type Session = {
  readonly handle: (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<void>;
  readonly close: () => Promise<void>;
};

type SessionEvents = { readonly opened: (id: string, session: Session) => void; readonly closed: (id: string) => void };

/** Starts a session for a client that says `initialize`. Its id is told once the answer is on its way. */
export async function startSession(wiring: Wiring, version: string, roots: readonly string[], events: SessionEvents): Promise<Session> {
  const { StreamableHTTPServerTransport } = await import('@modelcontextprotocol/sdk/server/streamableHttp.js');
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => events.opened(id, session),
    onsessionclosed: (id) => events.closed(id),
  });
  const server = makeServer(wiring, version, roots);
  const session: Session = {
    handle: (request, response, body) => transport.handleRequest(request, response, body),
    close: async () => {
      if (transport.sessionId) events.closed(transport.sessionId);
      await server.close();
    },
  };
  await server.connect(transport);
  return session;
}
