import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { GlmError } from '../errors.ts';
import { findBaseUrl } from '../glm/key.ts';
import { forgetKey, storeKey } from '../glm/login.ts';
import { readLedger, sumLedger } from '../glm/money/ledger.ts';
import { usd } from '../report/markdown.ts';
import type { UsageInput } from '../schema/input.ts';
import { gatewayEnvironment } from '../settings.ts';
import type { Wiring } from '../wiring.ts';
import type { Outcome } from './command.ts';

/** What was asked and paid, summed by day, variant or repository. */
export async function showUsage({ by = 'day' }: UsageInput, wiring: Wiring): Promise<Outcome> {
  const rows = sumLedger(await readLedger(wiring.folders), by);
  const lines = rows.map((row) => {
    const open = row.unknownCosts > 0 ? `, ${row.unknownCosts} of unknown cost` : '';
    const stand = row.unpaid > 0 ? `, ${row.unpaid} to a stand-in on this machine, which cost nothing` : '';
    return `${row.name}  ${row.requests} requests, ${row.inputTokens} tokens in (${row.cachedTokens} cached), ${row.outputTokens} out, ${usd(row.usd)}${open}${stand}`;
  });
  return { exitCode: 0, json: { by, rows }, text: lines.length > 0 ? `${lines.join('\n')}\n` : 'Nothing was sent yet.\n' };
}

/** Stores a key from a prompt or from stdin, never from argv; or forgets it. */
export async function login(forget: boolean, wiring: Wiring, signal: AbortSignal): Promise<Outcome> {
  const target = findBaseUrl(gatewayEnvironment(wiring.env, wiring.folders), wiring.folders, wiring.baseUrl);
  const { host } = new URL(target);
  if (forget) {
    const had = await forgetKey(wiring.folders, target);
    const text = had ? `The key for ${host} is forgotten.` : `There was no key for ${host}.`;
    return { exitCode: 0, json: { host, forgotten: had }, text: `${text}\n` };
  }
  const path = await storeKey(wiring.folders, target, await readSecret(`Key for ${host}: `, signal));
  return { exitCode: 0, json: { host, path }, text: `Kept in ${path} for ${host}; only you can read it.\n` };
}

async function readSecret(question: string, signal: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) {
    let text = '';
    for await (const chunk of process.stdin) {
      text += String(chunk);
      if (text.length > 8192) throw new GlmError('bad_input', 'stdin holds more than a key.');
    }
    return text.trim();
  }
  process.stderr.write(question);
  // What is typed is not shown: readline writes its echo here.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const line = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await line.question('', { signal });
  } finally {
    line.close();
    process.stderr.write('\n');
  }
}
