import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Environment } from '../config.ts';
import { wrap } from '../report/screen/wrap.ts';
import { writeAtomic } from '../store.ts';
import type { Outcome } from './command.ts';
import type { Parsed } from './flags.ts';

type Stream = { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };

/** How long a line may be: a terminal breaks longer ones in the middle of a word; what reads a pipe wants them whole. */
export function widthOf({ isTTY, columns = 80 }: Stream): number {
  return isTTY ? columns : Number.POSITIVE_INFINITY;
}

/** What is printed: one JSON document, the Markdown, or on a terminal a screen that shows what matters. */
export async function textOf(outcome: Outcome, { json, md, verbose }: Parsed['common'], stream: Stream, env: Environment): Promise<string> {
  if (json) return `${JSON.stringify(outcome.json, null, outcome.streamed ? 0 : 2)}\n`;
  if (md || !stream.isTTY || outcome.verbatim) return outcome.text;
  if (!outcome.report) return outcome.text.replace(/^[^|\n].*$/gm, (line) => wrap(line, widthOf(stream), '  '));
  const { toScreen } = await import('../report/screen/screen.ts');
  const colour = (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const screen = toScreen(outcome.report, { width: widthOf(stream), colour });
  return verbose ? `${screen}\n${outcome.text}` : screen;
}

/** Writes what came of it as one page, and as all that a CI shows, where it can be shown as such. */
export async function writeForms(outcome: Outcome, { html, ci }: Pick<Parsed['common'], 'html' | 'ci'>): Promise<void> {
  if (html === undefined && ci === undefined) return;
  const { report, page } = outcome;
  const text = page ? await page() : report && (await import('../report/html/page.ts')).toHtml(report);
  if (html !== undefined && text !== undefined) await writeAtomic(resolve(html), text, 0o644);
  if (ci === undefined) return;
  const [{ annotationsOf, qualityOf }, { sarifOf }] = await Promise.all([
    import('../report/ci/annotations.ts'),
    import('../report/ci/sarif.ts'),
  ]);
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const files: Readonly<Record<string, string | undefined>> = {
    'report.html': text,
    'report.md': outcome.text,
    'report.json': json(outcome.json),
    'report.sarif': report && json(sarifOf(report)),
    'annotations.txt': report && annotationsOf(report),
    'code-quality.json': report && json(qualityOf(report)),
    'fix.patch': report?.status === 'verified' ? report.patch?.diff : undefined,
  };
  const folder = resolve(ci);
  for (const [name, content] of Object.entries(files)) {
    // What an earlier run left must not pass for this one's.
    if (content === undefined) await rm(join(folder, name), { force: true });
    else await writeAtomic(join(folder, name), content, 0o644);
  }
}
