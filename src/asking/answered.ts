import { visibleText } from '../glm/prompts/markup.ts';
import type { Ground } from '../packing/gather.ts';
import { disarm } from '../safety/text.ts';
import type { Manifest } from '../schema/context.ts';
import type { Reply } from '../schema/model.ts';
import type { Citation, Report } from '../schema/report.ts';
import { ending } from '../talk/ending.ts';
import type { Talk } from '../talk/talk.ts';
import { checkCitations, type WasSent } from './cite.ts';
import type { Documents } from './documents/documents.ts';

export type Answering = {
  readonly packed: Report;
  /** What the request that was answered held. */
  readonly sent: Manifest | undefined;
  readonly talk: Talk;
  readonly ground: Ground;
  readonly pageOf: Documents['pageOf'];
  /** What was piped in. */
  readonly stdin: string | undefined;
  /** No files were sent, so there is nothing to cite. */
  readonly bare: boolean;
};

function sumUp(citations: readonly Citation[]): string {
  const cited = citations.length;
  const unchecked = citations.filter(({ checked }) => !checked).length;
  const wrong = citations.filter(({ holds, checked }) => checked && !holds).length;
  if (cited === 0) return 'No place is cited, so nothing of the answer was checked.';
  if (wrong + unchecked === 0) return cited === 1 ? '1 place cited, and it holds.' : `${cited} places cited, all hold.`;
  const counts = [
    `${cited - wrong - unchecked} ${cited - wrong - unchecked === 1 ? 'holds' : 'hold'}`,
    ...(wrong > 0 ? [`${wrong} ${wrong === 1 ? 'does' : 'do'} not hold`] : []),
    ...(unchecked > 0 ? [`${unchecked} ${unchecked === 1 ? 'was' : 'were'} not checked, since nothing is quoted from there`] : []),
  ];
  return `${cited} ${cited === 1 ? 'place' : 'places'} cited: ${counts.join(', ')}.`;
}

/** By what the manifest says was sent. What was read in parts or in an earlier job bears names of its own, and is not looked at by lines. */
function sentBy(manifest: Manifest | undefined): WasSent {
  const entries = manifest?.entries ?? [];
  return (path, startLine, endLine) => {
    const own = entries.filter((entry) => entry.path === path);
    if (own.length === 0) return false;
    const whole = own.some(({ form }) => form === 'whole');
    return (
      whole ||
      Array.from({ length: Math.min(endLine - startLine, 500) + 1 }, (_, at) => startLine + at).every((line) =>
        own.some((entry) => line >= entry.startLine && line <= entry.endLine),
      )
    );
  };
}

/** The report of a question: the reply with every place that it names looked up in what the model was shown. */
export function answered(reply: Reply | undefined, { packed, sent, talk, ground, pageOf, stdin, bare }: Answering): Report {
  const said = reply?.outcome === 'complete' ? visibleText(reply.text).trim() : '';
  if (said === '') return ending(packed, talk, reply);
  // The model has seen redacted lines, so its quotes are compared with those.
  const shown = (path: string) => {
    const text = path === 'stdin' ? stdin : ground.tree.read(path);
    const redacted = text === undefined ? undefined : ground.redactor.redact(text, path);
    return redacted?.withheld === undefined ? redacted?.text : undefined;
  };
  const { text, citations } = checkCitations(
    disarm(said),
    shown,
    ground.tree.files.map(({ path }) => path),
    sentBy(sent),
    pageOf,
  );
  const wrong = citations.filter(({ holds, checked }) => checked && !holds);
  return {
    ...packed,
    ...talk.bill(),
    status: 'answered',
    answer: text,
    citations: [...citations],
    summary: sumUp(citations),
    warnings: [
      ...packed.warnings,
      ...wrong.map(({ path, startLine, why }) => `citation ${path}:${startLine} does not hold: ${why}`),
      ...(citations.length === 0 && !bare ? ['the answer cites nothing, so nothing of it was checked'] : []),
    ],
  };
}
