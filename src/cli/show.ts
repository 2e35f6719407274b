import { resolve } from 'node:path';
import type { Environment } from '../config.ts';
import { writeAtomic } from '../store.ts';
import type { Outcome } from './command.ts';
import type { Parsed } from './flags.ts';

type Stream = { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };

/** What is printed: one JSON document, the Markdown, or on a terminal a screen that shows what matters. */
export async function textOf(outcome: Outcome, { json, md }: Parsed['common'], stream: Stream, env: Environment): Promise<string> {
  if (json) return `${JSON.stringify(outcome.json, null, outcome.streamed ? 0 : 2)}\n`;
  if (md || !outcome.report || !stream.isTTY) return outcome.text;
  const { toScreen } = await import('../report/screen/screen.ts');
  const colour = (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  return toScreen(outcome.report, { width: stream.columns ?? 80, colour });
}

/** Writes what came of it as one page, where it can be shown as one. */
export async function writePage({ report, page }: Outcome, file: string): Promise<void> {
  const text = page ? await page() : report && (await import('../report/html/page.ts')).toHtml(report);
  if (text !== undefined) await writeAtomic(resolve(file), text, 0o644);
}
