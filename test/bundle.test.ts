import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/** In a split bundle a CommonJS package that is imported when needed has a default export and nothing else. */
test('no lazily imported CommonJS package is used by its named exports', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const faults = sources.flatMap((name) =>
    [...readFileSync(join(root, 'src', name), 'utf8').matchAll(/\{([^{}]*)\} = await import\('([^'.][^']*)'\)/g)].flatMap(
      ([, names, spec]) => {
        const packageName = spec?.startsWith('@') ? spec.split('/').slice(0, 2).join('/') : spec?.split('/')[0];
        if (!packageName || packageName.startsWith('node:')) return [];
        const about = JSON.parse(readFileSync(join(root, 'node_modules', packageName, 'package.json'), 'utf8'));
        const esm = about.type === 'module' || about.module || JSON.stringify(about.exports ?? '').includes('"import"');
        return esm || names?.trim().startsWith('default:') ? [] : [`${name}: ${spec}`];
      },
    ),
  );
  expect(faults).toEqual([]);
  expect(require.resolve('undici')).toBeTruthy();
});

test('every chunk of the bundle loads', () => {
  const chunks = readdirSync(join(root, 'dist')).filter((name) => name.endsWith('.mjs') && name !== 'cli.mjs');
  const script = chunks.map((name) => `await import(${JSON.stringify(`./dist/${name}`)});`).join('\n');
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, timeout: 60_000 });
  expect(chunks.length).toBeGreaterThan(10);
});
