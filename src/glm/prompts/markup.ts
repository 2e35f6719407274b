/** Lines that open and close the parts of an answer in which anything may stand, because it is code. */
const searchOpen = /^<{5,}\s*SEARCH\b/;
const replaceClose = /^>{5,}\s*REPLACE\b/;
const stopMarks = ['<|user|>', '<|observation|>', '<|assistant|>', '<|endoftext|>'];
const diffOpen = /^(?:diff --git |--- [^\s-]|@@ -\d)/;
const diffLine = /^(?:[-+ @\\]|$|(?:diff|index|new file|deleted file|rename|similarity|old mode|new mode) )/;
const longestMark = 24;
const fence = /^ {0,3}(`{3,}|~{3,})/;

/**
 * The text with every closed edit block, closed fence and inline code blanked, at equal length, so that what is found in it is prose.
 * A block that is not closed counts as prose.
 */
export function proseMask(text: string): string {
  const lines = text.split('\n');
  const blank = (from: number, to: number) => {
    for (let at = from; at <= to; at++) lines[at] = ' '.repeat(lines[at]?.length ?? 0);
  };
  const closes = nextCloses(lines);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const end = closes[at];
    if (end === undefined) lines[at] = line.replace(/`[^`]+`/g, (code) => ' '.repeat(code.length));
    else {
      blank(at, end);
      at = end;
    }
  }
  return lines.join('\n');
}

/** For each line that opens a block, the line that closes it. One pass from the end, so that hostile input stays linear. */
function nextCloses(lines: readonly string[]): readonly (number | undefined)[] {
  const closes: (number | undefined)[] = new Array(lines.length);
  const marks = new Map<string, number>();
  let replace: number | undefined;
  let envelope: number | undefined;
  let run: number | undefined;
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = lines[at] ?? '';
    const mark = fence.exec(line)?.[1];
    run = diffLine.test(line) ? (run ?? at) : undefined;
    if (diffOpen.test(line)) closes[at] = run;
    else if (/^\*\*\* End Patch/.test(line)) envelope = at;
    else if (/^\*\*\* Begin Patch/.test(line)) closes[at] = envelope;
    else if (replaceClose.test(line)) replace = at;
    else if (searchOpen.test(line)) {
      closes[at] = replace;
      replace = undefined;
    } else if (mark) {
      closes[at] = longEnough(marks, mark);
      // Only a bare mark closes a fence, and one as long as its own; one with a word behind it opens the next.
      if (line.trim() === mark) marks.set(mark.slice(0, longestMark), at);
    }
  }
  return closes;
}

function longEnough(marks: ReadonlyMap<string, number>, mark: string): number | undefined {
  let nearest: number | undefined;
  for (let length = Math.min(mark.length, longestMark); length <= longestMark; length++) {
    const at = marks.get((mark[0] ?? '').repeat(length));
    if (at !== undefined && (nearest === undefined || at < nearest)) nearest = at;
  }
  return nearest;
}

/**
 * What the model said aloud: without its thoughts where a server let `<think>` through. Reasoning that never ends leaves nothing,
 * since thoughts are no answer. A `</think>` inside an edit block is code and stays.
 */
export function visibleText(reply: string): string {
  const text = withoutStops(reply);
  const mask = proseMask(text);
  const end = mask.lastIndexOf('</think>');
  if (end >= 0) return text.slice(end + '</think>'.length).trimStart();
  return /^\s*<think>/.test(mask) ? '' : text;
}

/** The marks with which a model ends its turn, where a server let them through. */
function withoutStops(reply: string): string {
  let text = reply;
  for (;;) {
    const end = text.trimEnd();
    const mark = stopMarks.find((stop) => end.endsWith(stop));
    if (!mark) return text;
    text = end.slice(0, -mark.length);
  }
}

/** Whether the prose holds tool calls in the model's own notation: the server failed to read them, or none were asked for. */
export function hasToolMarkup(text: string): boolean {
  return /<\/?arg_(key|value)>|^\s*<tool_call>|<\/tool_call>|^\s*<\|(?:assistant|observation|user|system)\|>/m.test(proseMask(text));
}

/** Share of letters in the prose that are Chinese, Japanese or Korean. Undefined when there is too little prose to tell. */
export function cjkShare(text: string): number | undefined {
  const letters = proseMask(text).match(/\p{L}/gu) ?? [];
  if (letters.length < 20) return undefined;
  return (
    letters.filter((letter) => /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(letter)).length /
    letters.length
  );
}
