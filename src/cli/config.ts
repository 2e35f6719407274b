import { join } from 'node:path';
import { openRoot } from '../repo/root.ts';
import { readSettings, userFile, workspaceFile } from '../settings.ts';
import type { Wiring } from '../wiring.ts';
import type { Outcome } from './command.ts';

/** Every setting that holds for a folder, and who set it. */
export async function showConfig(folder: string, wiring: Wiring): Promise<Outcome> {
  const { root } = await openRoot(folder, wiring.folders.home);
  const settings = [...readSettings(root, wiring.env, wiring.folders).values()];
  const files = { workspace: join(root, workspaceFile), user: userFile(wiring.folders) };
  const lines = settings.map(({ name, value, from }) => `${name} = ${JSON.stringify(value)}  (${from})`);
  return {
    exitCode: 0,
    json: { settings, files },
    text: `${[...lines, '', `workspace file: ${files.workspace}`, `user file: ${files.user}`].join('\n')}\n`,
  };
}
