import { z } from 'zod';
import type { FileChange, TamperFlag } from '../../schema/patch.ts';

const Fields = z.record(z.string(), z.unknown());

/** Keys of a package.json that decide what runs, how it is tested, or what is installed. */
const guardedKeys = [
  'scripts',
  'jest',
  'mocha',
  'ava',
  'vitest',
  'tap',
  'nyc',
  'c8',
  'babel',
  'husky',
  'lint-staged',
  'simple-git-hooks',
  'workspaces',
  'overrides',
  'resolutions',
  'pnpm',
  'packageManager',
  'bin',
  'gypfile',
  'wireit',
];
const tomlTables =
  /^\s*\[+\s*(?:tool\.(?:pytest|coverage|tox|nox|hatch|poe|taskipy|pdm\.scripts|poetry\.scripts|cibuildwheel)|build-system|project\.(?:scripts|entry-points))/;

/** Keys that decide where an import leads, and what is installed: right to change now and then, and worth a look each time. */
const entryKeys = ['type', 'main', 'module', 'browser', 'exports', 'imports'];
/** Keys that only people and registries read. */
const calmKeys = [
  'name',
  'version',
  'private',
  'description',
  'keywords',
  'homepage',
  'bugs',
  'license',
  'author',
  'contributors',
  'maintainers',
  'funding',
  'repository',
  'files',
  'engines',
  'publishConfig',
  'sideEffects',
  'types',
  'typings',
];
const installKeys = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies', 'bundledDependencies'];

export function entryFlags({ path, before, after }: FileChange): TamperFlag[] {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const flag = (rule: string, message: string): TamperFlag => ({ path, flag: rule, message });
  if (name === 'pyproject.toml' || name.startsWith('requirements'))
    return [
      flag('package_dependencies', 'what is installed or how it is packed changes, and the proof ran with what was installed before'),
    ];
  if (name !== 'package.json') return [];
  const [old, fresh] = [fields(before ?? '{}') ?? {}, fields(after ?? '{}') ?? {}];
  const changed = (keys: readonly string[]) => keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(fresh[key]));
  const [entries, installs] = [changed(entryKeys), changed(installKeys)];
  const judged = new Set([...entryKeys, ...installKeys, ...guardedKeys, ...calmKeys]);
  const tools = changed([...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter((key) => !judged.has(key)));
  return [
    ...(entries.length > 0 ? [flag('package_entry', `imports lead elsewhere (${entries.join(', ')})`)] : []),
    ...(installs.length > 0
      ? [
          flag(
            'package_dependencies',
            `what is installed changes (${installs.join(', ')}), and the proof ran with what was installed before`,
          ),
        ]
      : []),
    ...(tools.length > 0 ? [flag('package_settings', `settings of a tool change (${tools.join(', ')})`)] : []),
  ];
}

/** Shared files of which only some parts are guarded. Undefined: the change leaves those parts alone. */
export function guardedText(path: string, change: FileChange): { rule: string; message: string } | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (name === 'package.json') return guardedPackage(change);
  if (name === 'pyproject.toml') {
    return tables(change.before) === tables(change.after)
      ? undefined
      : { rule: 'runner_config', message: 'would configure tests or build otherwise' };
  }
  return undefined;
}

function guardedPackage({ before, after }: FileChange): { rule: string; message: string } | undefined {
  const message = 'would change what is run or installed';
  const old = before === null ? {} : fields(before);
  const fresh = after === null ? undefined : fields(after);
  if (!old || !fresh) return { rule: 'package_scripts', message: after === null ? 'would be deleted' : 'would no longer be JSON' };
  const changed = guardedKeys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(fresh[key]));
  return changed.length === 0 ? undefined : { rule: 'package_scripts', message: `${message} (${changed.join(', ')})` };
}

function fields(text: string): Record<string, unknown> | undefined {
  try {
    return Fields.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The guarded tables of a TOML file as text. */
function tables(text: string | null): string {
  let inside = false;
  const kept = (text ?? '').split('\n').filter((line) => {
    if (/^\s*\[/.test(line)) inside = tomlTables.test(line);
    return inside;
  });
  return kept.join('\n').trim();
}
