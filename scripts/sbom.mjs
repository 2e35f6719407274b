// Writes the bill of materials of the bundle (CycloneDX): `node scripts/sbom.mjs FILE`. What the packages' lockfile pins and does not go in is not named.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readParts } from './parts.mjs';

const [file = 'sbom.cdx.json'] = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
const { inputs, outputs } = await readParts(root);
// Files that we import as text are ours, and no package.
const isPart = ([path]) => !path.startsWith('raw:');
const parts = Object.fromEntries(
  Object.entries(inputs)
    .filter(isPart)
    .map(([path, input]) => [path, { ...input, imports: input.imports.filter((one) => isPart([one.path])) }]),
);
const made = Object.fromEntries(
  Object.entries(outputs).map(([path, output]) => [
    path,
    { ...output, inputs: Object.fromEntries(Object.entries(output.inputs).filter(isPart)) },
  ]),
);
const scratch = mkdtempSync(join(tmpdir(), 'glm-skill-sbom-'));
try {
  const meta = join(scratch, 'meta.json');
  writeFileSync(meta, JSON.stringify({ inputs: parts, outputs: made }));
  const tool = join(root, 'node_modules', '@cyclonedx', 'cyclonedx-esbuild', 'bin', 'cyclonedx-esbuild-cli.js');
  const words = ['--build-working-dir', root, '--output-reproducible', '--output-file', resolve(file), meta];
  execFileSync(process.execPath, [tool, ...words], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  // For programs: without the blanks, which are a third of it.
  writeFileSync(resolve(file), `${JSON.stringify(JSON.parse(readFileSync(resolve(file), 'utf8')))}\n`);
} finally {
  rmSync(scratch, { recursive: true });
}
