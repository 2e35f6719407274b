// The packages that are inside the bundle, as its licences and its bill of materials name them.
import { build } from 'esbuild';
import { bundle } from './bundle.mjs';

/** What esbuild says of the bundle, without what was read and is in no output. */
export async function readParts(root) {
  const { metafile } = await build({ ...bundle, absWorkingDir: root, outdir: 'dist', write: false });
  const used = new Set(
    Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0)),
  );
  return { ...metafile, inputs: Object.fromEntries(Object.entries(metafile.inputs).filter(([path]) => used.has(path))) };
}
