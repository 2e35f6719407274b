import type { Divergence } from '../../schema/cause.ts';
import type { Report } from '../../schema/report.ts';
import { html, type Markup, prose } from './markup.ts';

/** A step on the way from the assertion that fails to the lines that are changed. */
type Step = {
  readonly kind: 'test' | 'frame' | 'cause' | 'change';
  readonly title: string;
  readonly place: string;
  readonly lines: readonly { readonly sign: 'good' | 'bad' | ''; readonly text: string }[];
};

const mostFrames = 4;
const mostChanged = 3;
const mostText = 90;

/** The way from the failing assertion over the frames of its stack to the cause and the changed lines, as boxes with arrows between them. */
export function drawFlow(report: Report): Markup | undefined {
  const steps = stepsOf(report);
  if (steps.length < 2) return undefined;
  return html`<ol class="flow">${steps.map(
    ({ kind, title, place, lines }) =>
      html`<li class="${kind}"><strong>${title}</strong><code>${place}</code>${lines.map(
        ({ sign, text }) => html`<span class="line ${sign}">${prose(cut(text))}</span>`,
      )}</li>`,
  )}</ol>`;
}

function stepsOf({ failing, rootCause, patch, cause, verb }: Report): Step[] {
  if (!failing) return [];
  const { expected, actual, frames, message, file = '' } = failing;
  const said: Step['lines'] =
    expected === undefined
      ? [{ sign: 'bad', text: message }]
      : [
          { sign: 'good', text: `expected ${expected}` },
          { sign: 'bad', text: `actual ${actual ?? ''}` },
        ];
  // A stack names the innermost first; the way leads inwards.
  const passed = frames.filter((one) => one.file !== file).slice(0, mostFrames);
  const [first] = cause?.values?.divergences ?? [];
  return [
    { kind: 'test', title: 'the assertion', place: at(file, failing.line), lines: [{ sign: '', text: failing.name }, ...said] },
    ...passed.reverse().map((one): Step => ({ kind: 'frame', title: 'calls', place: at(one.file, one.line), lines: worded(one.name) })),
    ...(first ? [valueStep(first)] : []),
    ...(rootCause?.file
      ? [{ kind: 'cause' as const, title: 'root cause', place: at(rootCause.file, rootCause.startLine), lines: worded(rootCause.summary) }]
      : []),
    ...(patch ? changed(patch.diff).map((one): Step => ({ ...one, title: verb === 'cause' ? 'undone' : 'changed' })) : []),
  ];
}

function valueStep({ name, path, line, gave, instead }: Divergence): Step {
  const good = instead === undefined ? [] : [{ sign: 'good' as const, text: `not ${instead}` }];
  return {
    kind: 'cause',
    title: 'values part',
    place: at(path, line),
    lines: [{ sign: '', text: name }, { sign: 'bad', text: `gave ${gave}` }, ...good],
  };
}

const worded = (text: string | undefined): Step['lines'] => (text ? [{ sign: '', text }] : []);
const at = (path: string, line: number | undefined) => `${path}${line ? `:${line}` : ''}`;

/** The first lines that a diff changes in each file. */
function changed(diff: string): Omit<Step, 'title'>[] {
  return diff
    .split(/^(?=diff --git )/m)
    .filter((part) => part !== '')
    .slice(0, mostChanged)
    .map((part) => {
      const path = /^\+\+\+ b\/(.*)$/m.exec(part)?.[1] ?? /^--- a\/(.*)$/m.exec(part)?.[1] ?? '';
      const [, start = '1', body = ''] = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@[^\n]*\n([\s\S]*)/m.exec(part) ?? [];
      const rows = body.split('\n');
      const first = Math.max(
        rows.findIndex((row) => /^[-+]/.test(row)),
        0,
      );
      const from = rows.slice(first);
      const end = from.findIndex((row) => !/^[-+]/.test(row));
      const run = from.slice(0, end < 0 ? from.length : end);
      const lines = [run.find((row) => row.startsWith('-')), run.find((row) => row.startsWith('+'))].flatMap((row) =>
        row === undefined ? [] : [{ sign: row.startsWith('-') ? ('bad' as const) : ('good' as const), text: row.replace(/\s+/g, ' ') }],
      );
      return { kind: 'change', place: at(path, Number(start) + first), lines };
    });
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > mostText ? `${line.slice(0, mostText - 1)}…` : line;
}
