import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { brotliDecompressSync } from 'node:zlib';
import { z } from 'zod';

/** A page takes some hundredths of a second; a document that needs longer than this is made to. */
const mostMs = 30_000;
const mostHeapMiB = 512;

const Said = z.union([z.object({ pages: z.array(z.string()) }), z.object({ problem: z.string() })]);

/**
 * The text layer of a PDF, one text per page. Throws when it has none that can be read; the message says why. The reader runs in a thread
 * without an environment, within a limit of time and memory.
 */
export async function readPdf(bytes: Uint8Array, signal?: AbortSignal): Promise<string[]> {
  const worker = startReader(bytes);
  const deadline = AbortSignal.timeout(mostMs);
  try {
    const said = await new Promise<z.infer<typeof Said>>((resolve, reject) => {
      worker.once('message', (message: unknown) => resolve(Said.parse(message)));
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('its reader ended')));
      const stop = () => reject(new Error(signal?.aborted ? 'it was stopped' : `reading it took more than ${mostMs / 1000} s`));
      for (const one of [deadline, signal]) one?.addEventListener('abort', stop, { once: true });
    });
    if ('problem' in said) throw new Error(/password/i.test(said.problem) ? 'it is protected by a password' : said.problem);
    if (said.pages.every((page) => page.trim() === '')) throw new Error('it has no text layer: its pages are pictures');
    return said.pages;
  } finally {
    await worker.terminate();
  }
}

function startReader(workerData: Uint8Array): Worker {
  const options = {
    workerData,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: mostHeapMiB },
    stdout: true,
    stderr: true,
  };
  const built = packedReader();
  return built === undefined
    ? new Worker(new URL('./inside/pdf-worker.mjs', import.meta.url), options)
    : new Worker(built, { ...options, eval: true });
}

/** The reader with its library, which the build lays beside the bundle; undefined in a checkout. */
function packedReader(): string | undefined {
  try {
    return brotliDecompressSync(readFileSync(new URL('./pdf-reader.br', import.meta.url))).toString();
  } catch {
    return undefined;
  }
}
