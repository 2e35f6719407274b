import { messageOf } from '../errors.ts';
import { runProcess } from '../process/run.ts';
import type { Launch } from './entries.ts';
import type { Ground } from './place.ts';
import { pathOutside } from './program.ts';

/** What came of starting a server as a client does. */
export type Start =
  | { readonly started: true; readonly tools: number; readonly ms: number }
  | { readonly started: false; readonly why: string };

const startMs = 20_000;
const askMs = 15_000;
const registry = 'https://registry.npmjs.org/';

/** Starts a server in the workspace, says hello, lists its tools and ends it. It is given no key: what lists tools needs none. */
export async function startServer({ command, args }: Launch, { root, env }: Ground): Promise<Start> {
  const [{ Client }, { StdioClientTransport }, { ListToolsResultSchema }] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/client/stdio.js'),
    import('@modelcontextprotocol/sdk/types.js'),
  ]);
  const began = performance.now();
  const home = env.GLM_SKILL_HOME;
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    cwd: root,
    stderr: 'pipe',
    ...(home !== undefined && { env: { GLM_SKILL_HOME: home } }),
  });
  let said = '';
  transport.stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(0, 4_000);
  });
  const client = new Client({ name: 'glm-skill-doctor', version: '1' });
  try {
    await client.connect(transport, { timeout: startMs });
    const { tools } = await client.request({ method: 'tools/list' }, ListToolsResultSchema, { timeout: startMs });
    return { started: true, tools: tools.length, ms: Math.round(performance.now() - began) };
  } catch (error) {
    const reason = said.split('\n').find((line) => /error|cannot|not found/i.test(line)) ?? messageOf(error);
    return { started: false, why: reason.trim().slice(0, 200) };
  } finally {
    await client.close().catch(() => {});
  }
}

/** Whether the registry has a version of this package. Asked from outside of every repository, whose .npmrc could name another one. */
export async function isPublished(version: string, { root, env, folders }: Ground): Promise<boolean | 'unknown'> {
  const asked = await runProcess({
    argv: ['npm', 'view', `glm-skill@${version}`, 'version', '--registry', registry],
    cwd: '/',
    env: { PATH: pathOutside(root, env).join(':'), HOME: folders.home },
    timeoutMs: askMs,
  });
  if (asked.exitCode === 0) return asked.stdout.toString().includes(version);
  return /E404|ETARGET/.test(asked.stderr.toString()) ? false : 'unknown';
}
