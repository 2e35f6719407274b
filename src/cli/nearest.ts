/** How many letters apart two words are; two that changed places count as one. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      row.push(swapped ? Math.min(least, (before[j - 2] ?? 0) + 1) : least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** Did you mean …: the known words that a mistyped one was meant to be: those fewest letters away, at most a third of the word; none where none is near. */
export function nearest(word: string, known: readonly string[]): string[] {
  const most = Math.max(1, Math.floor(word.length / 3));
  const far = known.map((one) => ({ one, away: distance(word.toLowerCase(), one.toLowerCase()) }));
  const least = Math.min(...far.map(({ away }) => away));
  const close = least > most ? [] : far.filter(({ away }) => away === least).map(({ one }) => one);
  return close.length > 0 || word.length < 2 ? close : known.filter((one) => one.startsWith(word));
}

/** `Did you mean fix or find?` Undefined where nothing is near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const close = nearest(word, known);
  return close.length > 0 ? `Did you mean ${close.join(' or ')}?` : undefined;
}
