import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { folders, readEnvironment } from '../../src/config.ts';
import { type ObserveRequest, observe } from '../../src/proof/observe.ts';

/** A folder with these files, gone when the test ends. */
export function lay(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'suite-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** The doors of a run: the real environment, plus `extra`. */
export function doors(extra: Readonly<Record<string, string>> = {}, signal?: AbortSignal) {
  const env = { ...readEnvironment(), ...extra };
  return { tell: () => {}, now: () => Date.now(), env, folders: folders(env), signal };
}

export const look = (root: string, request: Partial<ObserveRequest> = {}) =>
  observe({ root, within: '', git: undefined, timeoutMs: 60_000, envNames: [], ...request }, doors());
