import type { Json } from './edit/json.ts';

/** How a client starts the server: a program and its arguments. */
export type Launch = { readonly command: string; readonly args: readonly string[] };

/** What stands in a client's file for one server. */
export type Entry = { readonly [key: string]: Json };

const key = 'RUNAPI_API_KEY';

export const plain = ({ command, args }: Launch): Entry => ({ command, args });
export const stdio = (launch: Launch): Entry => ({ type: 'stdio', ...plain(launch) });
export const switched = (launch: Launch): Entry => ({ ...plain(launch), disabled: false, autoApprove: [] });
export const local = ({ command, args }: Launch): Entry => ({ type: 'local', command: [command, ...args], enabled: true });
export const codex = (launch: Launch): Entry => ({ ...plain(launch), env_vars: [key], startup_timeout_sec: 20 });
export const goose = ({ command, args }: Launch): Entry => ({
  type: 'stdio',
  name: 'glm',
  cmd: command,
  args,
  enabled: true,
  timeout: 300,
});
export const ownFile = (launch: Launch): Entry => ({
  name: 'glm',
  version: '0.0.1',
  schema: 'v1',
  mcpServers: [{ name: 'glm', ...plain(launch) }],
});

/** For clients that give a server no environment of their own accord; `value` is the client's way to name a variable. */
export function withEnv(value: string): (launch: Launch) => Entry {
  return (launch) => ({ ...plain(launch), env: { [key]: value } });
}
