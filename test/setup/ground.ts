import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { folders } from '../../src/config.ts';
import { applySetup } from '../../src/setup/apply.ts';
import { findPackage, type Package } from '../../src/setup/launch.ts';
import { planSetup } from '../../src/setup/plan.ts';
import { planRemove } from '../../src/setup/remove.ts';
import type { SetupOptions, SetupPlan } from '../../src/setup/steps.ts';

/** A fresh workspace and home folder; `state` lies outside of both, so that whole trees can be compared. */
export type TestGround = SetupOptions & { readonly base: string; readonly home: string };

export function makeGround(more: Partial<SetupOptions> = {}): TestGround {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'glm-setup-')));
  const [root, home] = [join(base, 'work'), join(base, 'home')];
  mkdirSync(root);
  mkdirSync(home);
  const env = { HOME: home, GLM_SKILL_HOME: join(base, 'own'), PATH: join(base, 'bin') };
  const shipped = makePackage(base, ['glm-skill/SKILL.md', 'glm-skill/references/api.md', 'fix-failing-test/SKILL.md']);
  return { root, env, folders: folders(env), platform: 'linux', scope: 'workspace', package: shipped, base, home, ...more };
}

/** A package with a few of our skills' files: setup runs hundreds of times here. */
function makePackage(base: string, files: readonly string[]): Package {
  const own = findPackage();
  for (const file of files) {
    const path = join(base, 'package/skills', file);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(join(own.root, 'skills', file), path);
  }
  return { root: join(base, 'package'), version: own.version };
}

/** The same with one small skill and a version of its own. */
export function makeSmallGround(more: Partial<SetupOptions>): TestGround {
  const ground = makeGround(more);
  const root = join(ground.base, 'small');
  mkdirSync(join(root, 'skills/one'), { recursive: true });
  writeFileSync(join(root, 'skills/one/SKILL.md'), 'one');
  return { ...ground, package: { root, version: '1.2.3' } };
}

export function dropGround({ base }: TestGround): void {
  rmSync(base, { recursive: true, force: true });
}

export function put(ground: TestGround, path: string, content: string | Uint8Array, inside: 'root' | 'home' = 'root'): string {
  const full = join(ground[inside], path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

export async function setup(options: SetupOptions): Promise<SetupPlan> {
  const plan = await planSetup(options);
  await applySetup(plan, options.folders);
  return plan;
}

export async function remove(options: SetupOptions): Promise<SetupPlan> {
  const plan = await planRemove(options);
  await applySetup(plan, options.folders);
  return plan;
}

/** Every entry below a folder: mode and bytes, link target, or `folder`. */
export function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    entries.map((name) => {
      const path = join(folder, name);
      const facts = lstatSync(path);
      if (facts.isSymbolicLink()) return [name, `link ${readlinkSync(path)}`];
      if (facts.isDirectory()) return [name, 'folder'];
      return [name, `${(facts.mode & 0o7777).toString(8)} ${readFileSync(path, 'latin1')}`];
    }),
  );
}
