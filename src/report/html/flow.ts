import type { Report } from '../../schema/report.ts';
import { html, type Markup } from './markup.ts';

/** A step on the way from the assertion that fails to the line that is changed. */
type Step = { readonly kind: 'test' | 'frame' | 'cause' | 'change'; readonly place: string; readonly words: string };

const mostFrames = 4;
const wide = 220;
const high = 56;
const gap = 28;

/** The way from the failing assertion over the frames of its stack to the root cause and the changed lines, as a picture. */
export function drawFlow(report: Report): Markup | undefined {
  const steps = stepsOf(report);
  if (steps.length < 2) return undefined;
  const width = steps.length * (wide + gap) - gap;
  const label = steps.map(({ place, words }) => `${words} ${place}`).join(', then ');
  const boxes = steps.map(({ kind, place, words }, at) => {
    const x = at * (wide + gap);
    return html`<g class="${kind}"><title>${place}</title><rect x="${x}" y="0" width="${wide}" height="${high}" rx="6"/>
<text x="${x + 10}" y="22" class="word">${cut(words, 30)}</text><text x="${x + 10}" y="42" class="place">${cutLeft(place, 30)}</text>${
      at > 0 && html`<path d="M${x - gap + 3} ${high / 2}h${gap - 10}m-6-5l6 5l-6 5"/>`
    }</g>`;
  });
  return html`<div class="scroll" tabindex="0"><svg class="flow" viewBox="0 0 ${width} ${high}" width="${width}" height="${high}" role="img" aria-label="${label}">${boxes}</svg></div>`;
}

function stepsOf({ failing, rootCause, patch, cause }: Report): Step[] {
  if (!failing) return [];
  const [first] = cause?.values?.divergences ?? [];
  const frames = failing.frames.filter(({ file }) => file !== failing.file).slice(0, mostFrames);
  const changed = patch?.files.map(({ path }) => path) ?? [];
  return [
    { kind: 'test', words: failing.name, place: `${failing.file ?? ''}${failing.line ? `:${failing.line}` : ''}` },
    ...frames.reverse().map(({ file, line, name }): Step => ({ kind: 'frame', words: name ?? 'called', place: `${file}:${line}` })),
    ...(first ? [{ kind: 'cause' as const, words: `${first.name} gave ${first.gave}`, place: `${first.path}:${first.line}` }] : []),
    ...(rootCause?.file
      ? [{ kind: 'cause' as const, words: 'root cause', place: `${rootCause.file}${rootCause.startLine ? `:${rootCause.startLine}` : ''}` }]
      : []),
    ...changed.slice(0, 3).map((path): Step => ({ kind: 'change', words: 'changed', place: path })),
  ];
}

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const cutLeft = (text: string, most: number) => (text.length > most ? `…${text.slice(1 - most)}` : text);
