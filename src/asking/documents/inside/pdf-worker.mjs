// Reads the text layer of a PDF, page by page. A thread of its own: whoever started it ends it when it takes too long or too much memory.
import { parentPort, workerData } from 'node:worker_threads';
import { extractText, getDocumentProxy } from 'unpdf';

async function read() {
  const document = await getDocumentProxy(new Uint8Array(workerData), { verbosity: 0, isEvalSupported: false });
  const { text } = await extractText(document);
  return { pages: text };
}

read().then(
  (said) => parentPort.postMessage(said),
  (cause) => parentPort.postMessage({ problem: cause instanceof Error ? cause.message : String(cause) }),
);
