import { readFile } from 'node:fs/promises';
import { GlmError } from '../errors.ts';
import type { GatewayInput } from '../schema/input.ts';
import { startGateway } from '../stand-in/gateway.ts';

/** Plays the stand-in of RunAPI until stdin ends or we are stopped. The first line on stdout is `{"url": …}`. */
export async function playGateway({ port, reply: files = [] }: GatewayInput, signal: AbortSignal): Promise<void> {
  const replies = await Promise.all(files.map(readReply));
  const gateway = await startGateway({ port, ...(replies.length > 0 && { replies }) });
  process.stdout.write(`${JSON.stringify({ url: gateway.url })}\n`);
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    process.stdin
      .once('end', resolve)
      .once('error', () => resolve())
      .resume();
  });
  await gateway.close();
}

async function readReply(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new GlmError('bad_input', `The reply file ${file} cannot be read.`, { cause });
  }
}
