// The packages that are inside the bundle, as its licences and its bill of materials name them.
import { build } from 'esbuild';
import { bundle, pdfReader } from './bundle.mjs';

/** What esbuild says of the bundle and of what lies compressed beside it, without what was read and is in no output. */
export async function readParts(root) {
  const made = await Promise.all([bundle, pdfReader].map((one) => build({ ...one, absWorkingDir: root, outdir: 'dist', write: false })));
  const inputs = Object.assign({}, ...made.map(({ metafile }) => metafile.inputs));
  const outputs = Object.assign({}, ...made.map(({ metafile }) => metafile.outputs));
  const used = new Set(
    Object.values(outputs).flatMap((output) => Object.keys(output.inputs).filter((path) => output.inputs[path].bytesInOutput > 0)),
  );
  return { inputs: Object.fromEntries(Object.entries(inputs).filter(([path]) => used.has(path))), outputs };
}
