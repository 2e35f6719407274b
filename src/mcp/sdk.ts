import { Writable } from 'node:stream';
import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  McpServer,
  ResourceTemplate,
  SdkError,
  SdkErrorCode,
  type ServerContext,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import { SkillsExtension } from '@modelcontextprotocol/server/ext/skills';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { asProblem, GlmError, messageOf, Stopped } from '../errors.ts';
import { describe } from '../jobs/describe.ts';
import type { Wiring } from '../wiring.ts';
import { wroteToClient } from './delivery.ts';
import { type Drain, makeDrain } from './drain.ts';
import { instructions } from './instructions.ts';
import { prompts } from './prompts.ts';
import { readResource, resources, viewUri } from './resources.ts';
import { checkGiven, findRoot } from './root.ts';
import { skillSource } from './skills.ts';
import { leanInput, type Tool, type ToolContext, withoutDialect } from './tool.ts';
import { tools } from './tools.ts';

const heartbeatMs = 5_000;
const confirmMs = 30_000;
const viewMeta = { ui: { resourceUri: viewUri } };
const outputSchema = listed(z.looseObject({ status: z.string(), summary: z.string() }));

/** Each session has a server of its own, and all have the same schemas: made anew they are a quarter of a megabyte for each client. */
const listedTools = tools.map((one) => ({ one, inputSchema: listed(leanInput(one.input)) }));
type ListedInput = (typeof listedTools)[number]['inputSchema'];
const listedPrompts = prompts.map((one) => ({
  one,
  argsSchema: z.object(
    Object.fromEntries(one.arguments.map(({ name, description }) => [name, z.string().optional().describe(description)])),
  ),
}));

/** `roots`: folders that may be named, none for any. `drain`: how the server goes down. */
type Serving = { readonly roots?: readonly string[]; readonly drain?: Drain };

/** Tools, prompts and resources are values of ours, registered here. Beside this file sessions.ts, events.ts and skills.ts know the SDK. */
export function makeServer(wiring: Wiring, version: string, { roots: allowedRoots = [], drain = makeDrain() }: Serving = {}): McpServer {
  const server = new McpServer(
    { name: 'glm', title: 'GLM skill', version },
    { instructions, capabilities: { tools: {}, prompts: {}, resources: {} } },
  );
  for (const { one, inputSchema } of listedTools) registerTool(server, wiring, one, inputSchema, { roots: allowedRoots, drain });
  for (const { one, argsSchema } of listedPrompts) {
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
  new SkillsExtension({ source: skillSource }).attach(server);
  return server;
}

function registerTool(
  server: McpServer,
  wiring: Wiring,
  one: Tool,
  inputSchema: ListedInput,
  { roots: allowedRoots, drain }: Required<Serving>,
): void {
  const annotations = {
    title: one.title,
    readOnlyHint: one.touches !== 'repo',
    destructiveHint: one.touches === 'repo',
    idempotentHint: false,
    openWorldHint: one.sends,
  };
  server.registerTool(
    one.name,
    { title: one.title, description: one.description, inputSchema, outputSchema, annotations, ...(one.shown && { _meta: viewMeta }) },
    async (input, { mcpReq }) => {
      const progress = startProgress(mcpReq._meta?.progressToken, (params) => mcpReq.notify({ method: 'notifications/progress', params }));
      const caller = callerOf(server, mcpReq);
      const answered = drain.call();
      const context: ToolContext = {
        wiring,
        signal: mcpReq.signal,
        isCancelled: () => mcpReq.signal.aborted && !isGone(mcpReq.signal.reason),
        draining: drain.signal,
        tell: (event) => progress.say(describe(event)),
        root: async (given) => {
          const root = await findRoot(given, {
            env: wiring.env,
            home: wiring.folders.home,
            clientRoots: caller.roots,
            allowed: allowedRoots,
          });
          await checkGiven(input, root, allowedRoots);
          return root;
        },
        confirm: caller.confirm,
      };
      try {
        const { structured, text, links = [] } = await one.run(input, context);
        const content = [{ type: 'text' as const, text }, ...links.map((link) => ({ type: 'resource_link' as const, ...link }))];
        return { content, structuredContent: structured };
      } catch (error) {
        if (error instanceof Question) return inputRequired({ inputRequests: { confirm: inputRequired.elicit(error.form) } });
        return failure(one.name, error);
      } finally {
        progress.end();
        answered();
      }
    },
  );
}

function isGone(reason: unknown): boolean {
  return reason instanceof SdkError && reason.code === SdkErrorCode.ConnectionClosed;
}

/** A schema as tools list it: checked as zod does, told without its dialect. */
function listed<Schema extends z.ZodObject>(schema: Schema): StandardSchemaWithJSON<z.input<Schema>, z.output<Schema>> {
  const { jsonSchema, ...standard } = schema['~standard'];
  const target = 'draft-07';
  const told = { input: () => withoutDialect(jsonSchema.input({ target })), output: () => withoutDialect(jsonSchema.output({ target })) };
  return { '~standard': { ...standard, jsonSchema: told } };
}

/** A problem that the caller can mend, as a failed result with code and hint; a bug goes to stderr with its stack. */
function failure(name: string, error: unknown) {
  const { code, message, hint } = sayError(name, error);
  return { isError: true, content: [{ type: 'text' as const, text: `${code}: ${message}${hint ? `\n${hint}` : ''}` }] };
}

function sayError(name: string, thrown: unknown): { code: string; message: string; hint?: string | undefined } {
  const error = asProblem(thrown);
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

/** Asks the user of a client that can only be asked by the answer itself: it makes the call again with what was said. */
class Question extends Error {
  readonly form: ReturnType<typeof formOf>;
  constructor(question: string) {
    super(question);
    this.form = formOf(question);
  }
}

const formOf = (message: string) => ({ message, requestedSchema: { type: 'object' as const, properties: {} } });

type Request = ServerContext['mcpReq'];
type Caller = Pick<ToolContext, 'confirm'> & { readonly roots: () => Promise<readonly string[]> };

/** What a client can be asked during a call. Since 2026-07-28 each call says by itself what the client can do, and the server cannot ask back. */
function callerOf(server: McpServer, request: Request): Caller {
  const { envelope, inputResponses } = request;
  if (envelope === undefined) return callerOfOld(server, request);
  const said = Answered.safeParse(inputResponses).data?.confirm;
  const can = CanElicit.safeParse(Reflect.get(envelope, CLIENT_CAPABILITIES_META_KEY));
  const confirm: Caller['confirm'] = async (question) => {
    if (said === undefined && can.success) throw new Question(question);
    return said?.action === 'accept';
  };
  return { roots: async () => [], confirm };
}

/** Nothing said of the kinds of questions means forms. */
const CanElicit = z.object({ elicitation: z.union([z.strictObject({}), z.looseObject({ form: z.looseObject({}) })]) });
const Answered = z.object({ confirm: z.object({ action: z.string() }) });

function callerOfOld(server: McpServer, { send, signal }: Request): Caller {
  const can = server.server.getClientCapabilities();
  return {
    // None where the client does not say it in time.
    roots: async () => {
      if (!can?.roots) return [];
      const listed = send({ method: 'roots/list' }, { timeout: 2_000, signal });
      return (await listed.catch(() => ({ roots: [] }))).roots.map((root) => root.uri);
    },
    confirm: async (question, until) => {
      const timeout = Math.min(until - performance.now(), confirmMs);
      if (!can?.elicitation?.form || timeout < 1_000) return false;
      const asked = send({ method: 'elicitation/create', params: formOf(question) }, { timeout, signal });
      return (await asked.catch(() => undefined))?.action === 'accept';
    },
  };
}

/** Makes a server for one client: the registrations are the same whatever revision it speaks. */
export type MakeServer = () => McpServer;

/** Serves stdio in the revision that the client opens with. `write` is the real stdout: whatever else prints, prints elsewhere. Resolves when the client is gone. */
export async function serveOverStdio(make: MakeServer, write: (chunk: Uint8Array | string, done: () => void) => void): Promise<void> {
  const output = new Writable({
    write: (chunk, _encoding, done) =>
      write(chunk, () => {
        wroteToClient();
        done();
      }),
  });
  const transport = new StdioServerTransport(process.stdin, output);
  const closed = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    process.stdin.once('error', () => resolve());
    // A message of more than 10 MB ends the transport, not stdin. Its `onclose` is the SDK's own.
    const close = transport.close.bind(transport);
    transport.close = async () => {
      await close();
      resolve();
    };
  });
  serveStdio(make, { transport, onerror: (error) => process.stderr.write(`stdio: ${messageOf(error).slice(0, 300)}\n`) });
  await closed;
}
