import { visibleText } from '../glm/prompts/markup.ts';
import type { Ground } from '../packing/gather.ts';
import { disarm } from '../safety/text.ts';
import type { Reply } from '../schema/model.ts';
import type { Report } from '../schema/report.ts';
import { ending } from '../talk/ending.ts';
import type { Talk } from '../talk/talk.ts';
import { checkCitations } from './cite.ts';

export type Answering = {
  readonly packed: Report;
  readonly talk: Talk;
  readonly ground: Ground;
  /** What was piped in. */
  readonly stdin: string | undefined;
  /** No files were sent, so there is nothing to cite. */
  readonly bare: boolean;
};

/** The report of a question: the reply with every place that it names looked up in what the model was shown. */
export function answered(reply: Reply | undefined, { packed, talk, ground, stdin, bare }: Answering): Report {
  const said = reply?.outcome === 'complete' ? visibleText(reply.text).trim() : '';
  if (said === '') return ending(packed, talk, reply);
  // The model has seen redacted lines, so its quotes are compared with those.
  const shown = (path: string) => {
    const text = path === 'stdin' ? stdin : ground.tree.read(path);
    return text === undefined ? undefined : ground.redactor.redact(text, path).text;
  };
  const { text, citations } = checkCitations(
    disarm(said),
    shown,
    ground.tree.files.map(({ path }) => path),
  );
  const wrong = citations.filter(({ holds }) => !holds);
  return {
    ...packed,
    ...talk.bill(),
    status: 'answered',
    answer: text,
    citations: [...citations],
    summary: `${citations.length} places cited, ${wrong.length === 0 ? 'all hold' : `${wrong.length} ${wrong.length === 1 ? 'does' : 'do'} not hold`}.`,
    warnings: [
      ...packed.warnings,
      ...wrong.map(({ path, startLine, why }) => `citation ${path}:${startLine} does not hold: ${why}`),
      ...(citations.length === 0 && !bare ? ['the answer cites nothing, so nothing of it was checked'] : []),
    ],
  };
}
