import { align } from './reading.ts';
import { type Line, splitText } from './text.ts';

export type Kept = { readonly text: string } | { readonly lost: string; readonly line: string };

/**
 * Text in which every hidden value that stood in a changed line stands again. `before` and `after` hold placeholders, as a model saw and
 * wrote them; `hidden` finds them in a line. Where a line came back with something else in a placeholder's place, whatever it looks like,
 * the placeholder is put there again. `lost`: one that stands nowhere any more, and no line shows what became of it.
 */
export function keepHidden(before: string, after: string, hidden: (line: string) => readonly string[]): Kept {
  const lines = splitText(after);
  const missing = countMissing(before, after, hidden);
  if (missing.size === 0) return { text: after };
  const tagged = align(
    splitText(before).map((line) => line.text),
    lines.map((line) => line.text),
  );
  const texts = lines.map((line) => line.text);
  // Where each added line stands in the new text, by the region in which it was added.
  const regions = regionsOf(tagged.map(({ tag }) => tag));
  for (const { removed, added } of regions) {
    for (const [order, from] of removed.entries()) {
      const old = tagged[from]?.text ?? '';
      const tokens = hidden(old).filter((token) => (missing.get(token) ?? 0) > 0);
      if (tokens.length === 0) continue;
      const bare = added.filter((place) => !tokens.some((token) => texts[place]?.includes(token)));
      const twin = removed.length === added.length ? added[order] : undefined;
      const place =
        bare.find((one) => restored(old, texts[one] ?? '', tokens) !== undefined) ?? (tokens.join('') === old.trim() ? twin : undefined);
      const text = place === undefined ? undefined : (restored(old, texts[place] ?? '', tokens) ?? old);
      if (place === undefined || text === undefined) continue;
      texts[place] = text;
      for (const token of tokens) missing.set(token, (missing.get(token) ?? 0) - 1);
    }
  }
  const lost = [...missing].find(([, count]) => count > 0);
  if (lost) return { lost: lost[0], line: tagged.find(({ tag, text }) => tag === '-' && text.includes(lost[0]))?.text ?? '' };
  return { text: lines.map((line: Line, at) => (texts[at] ?? '') + line.eol).join('') };
}

/** How many times each placeholder stood there and does not any more. */
function countMissing(before: string, after: string, hidden: (text: string) => readonly string[]): Map<string, number> {
  const count = (text: string) => {
    const found = new Map<string, number>();
    for (const token of hidden(text)) found.set(token, (found.get(token) ?? 0) + 1);
    return found;
  };
  const now = count(after);
  return new Map(
    [...count(before)].map(([token, times]) => [token, times - (now.get(token) ?? 0)] as const).filter(([, less]) => less > 0),
  );
}

type Places = { readonly removed: readonly number[]; readonly added: readonly number[] };

/** Runs of changes: the places of removed lines among all tags, and of added ones in the new text. */
function regionsOf(tags: readonly string[]): Places[] {
  const regions: { removed: number[]; added: number[] }[] = [];
  let open: { removed: number[]; added: number[] } | undefined;
  let fresh = 0;
  for (const [at, tag] of tags.entries()) {
    if (tag === ' ') open = undefined;
    else {
      open ??= regions[regions.push({ removed: [], added: [] }) - 1];
      if (tag === '-') open?.removed.push(at);
      else open?.added.push(fresh);
    }
    if (tag !== '-') fresh++;
  }
  return regions;
}

const leastShown = 3;

/** The new line with the placeholders where they were: what stands around each of them in the old line stands around its place in the new one. */
function restored(old: string, fresh: string, tokens: readonly string[]): string | undefined {
  let text = fresh;
  let from = 0;
  let rest = old;
  for (const token of tokens) {
    const at = rest.indexOf(token);
    const [left, right] = [rest.slice(0, at), rest.slice(at + token.length)];
    rest = right;
    const head = beginsAfter(left, text, from);
    const tail = head === undefined ? undefined : endsBefore(right, text, head);
    if (head === undefined || tail === undefined) return undefined;
    text = text.slice(0, head) + token + text.slice(tail);
    from = head + token.length;
  }
  return text;
}

/** Where a value begins: behind the longest end of what stood before it that is still there once. */
function beginsAfter(left: string, text: string, from: number): number | undefined {
  const shown = left.trimStart();
  // A name and its sign are enough; the line may have got another beginning.
  const least = /[\w$-]+["'\]]*\s*(?:[:=(,]|=>|\s)\s*["'`]?\w*$/.exec(shown)?.[0] ?? shown;
  for (const sought of new Set([shown, least])) {
    if (sought.replace(/\W/g, '').length < leastShown) continue;
    const at = text.indexOf(sought, from);
    if (at !== -1 && text.indexOf(sought, at + 1) === -1) return at + sought.length;
  }
  return undefined;
}

/** Where a value ends: before what stood behind it, at least its first character. */
function endsBefore(right: string, text: string, head: number): number | undefined {
  const shown = right.trimEnd();
  if (shown === '') return text.trimEnd().length >= head ? text.trimEnd().length : undefined;
  const whole = text.indexOf(shown, head);
  if (whole !== -1) return whole;
  const close = /^["'`]/.exec(shown)?.[0];
  const end = close === undefined ? -1 : text.indexOf(close, head);
  return end === -1 ? undefined : end;
}
