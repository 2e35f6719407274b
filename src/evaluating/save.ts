import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceFile } from '../settings.ts';
import { unedited } from '../setup/edit/edits.ts';
import { setJson } from '../setup/edit/json.ts';
import { writeAtomic } from '../store.ts';

/** Writes the cascade into the settings of the workspace and leaves all else there as it is. The path of the file. Throws `config_invalid`. */
export async function saveCascade(root: string, variants: readonly string[]): Promise<string> {
  const path = join(root, workspaceFile);
  const text = await readFile(path, 'utf8').catch(() => '{}\n');
  const { text: saved } = setJson(unedited(text), ['variant'], variants.join(','), path);
  await writeAtomic(path, saved, 0o644);
  return path;
}
