import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SkillSource } from '@modelcontextprotocol/server/ext/skills';
import { findPackage } from '../setup/launch.ts';

type Catalog = Awaited<ReturnType<typeof loadCatalog>>;

let loaded: Promise<Catalog> | undefined;
const folder = () => join(findPackage().root, 'skills');

async function loadCatalog() {
  const { loadSkills } = await import('@modelcontextprotocol/server/ext/skills/node');
  return loadSkills(folder(), { pageSize: Number.POSITIVE_INFINITY });
}

/** Our skills as SEP-2640 serves them, read when a client first asks: a server that waits has not opened a file. */
const catalog = () => (loaded ??= loadCatalog());
const scheme = 'skill://';

export const skillSource: SkillSource = {
  list: async () => ({ skills: [...(await catalog()).entries] }),
  get: async (uri) => (await catalog()).entries.find((skill) => skill.uri === uri),
  read: async (uri) => {
    const files = (await catalog()).entries.flatMap((skill) =>
      skill.resources === 'dynamic' ? [] : skill.resources.map((file) => file.uri),
    );
    if (!files.includes(uri)) return undefined;
    const text = await readFile(join(folder(), uri.slice(scheme.length)), 'utf8');
    return { text, mimeType: uri.endsWith('.json') ? 'application/json' : 'text/markdown' };
  },
};
