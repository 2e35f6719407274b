import fc from 'fast-check';

/** A text, an exact and unique set of blocks in it, and what textual replacement makes of it. */
export type Law = { readonly before: string; readonly after: string; readonly answer: string };

const letters = ['a', 'b', 'c', '}', '', '  x = 1;', '    y(2)', '\tz', 'return a', '# note', '- item', '+ plus'];
const line = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...letters) }, { weight: 1, arbitrary: fc.string({ maxLength: 6 }) });
const plain = line.filter((text) => !/[\r\n]/.test(text) && !/^\s*(?:<{5}|={5}|>{5}|-{5}|\+{5})/.test(text));
const file = fc.array(plain, { minLength: 1, maxLength: 24 });

function places(lines: readonly string[], sought: readonly string[]): number {
  let count = 0;
  for (let at = 0; at + sought.length <= lines.length; at++) if (sought.every((one, offset) => lines[at + offset] === one)) count++;
  return count;
}

/** Random files in few words, so that much of them stands twice, cut into blocks that stand once. */
export const laws: fc.Arbitrary<Law> = fc
  .record({
    lines: file,
    cuts: fc.array(
      fc.record({ from: fc.nat(24), size: fc.integer({ min: 1, max: 6 }), put: fc.array(plain, { maxLength: 6 }), keep: fc.nat(3) }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ lines, cuts }) => {
    const blocks: { from: number; to: number; put: readonly string[] }[] = [];
    for (const { from, size, put, keep } of cuts) {
      const to = Math.min(lines.length, from + size);
      const search = lines.slice(from, to);
      if (search.every((one) => one.trim() === '') || places(lines, search) !== 1) continue;
      if (blocks.some((one) => from < one.to && one.from < to)) continue;
      // Some of the lines stay, so that there are insertions and removals as well as replacements.
      const kept =
        keep === 0
          ? put
          : keep === 1
            ? [...search, ...put]
            : keep === 2
              ? [...put, ...search]
              : [...search.slice(0, 1), ...put, ...search.slice(2)];
      // One blank line is how a deletion is written; blank lines around a text that had none are refused, being those of a form.
      if ((kept.length === 1 && kept[0] === '') || isFramed(search, kept)) continue;
      blocks.push({ from, to, put: kept });
    }
    const sorted = [...blocks].sort((a, b) => b.from - a.from);
    const made = sorted.reduce((text, { from, to, put }) => [...text.slice(0, from), ...put, ...text.slice(to)], lines);
    const write = (all: readonly string[]) => all.map((one) => `${one}\n`).join('');
    const answer = blocks
      .map(({ from, to, put }) => `a.txt\n<<<<<<< SEARCH\n${write(lines.slice(from, to))}=======\n${write(put)}>>>>>>> REPLACE\n`)
      .join('\n');
    return { before: write(lines), after: write(made), answer };
  })
  .filter(({ before, after }) => before !== after && after.trim() !== '');

function isFramed(search: readonly string[], put: readonly string[]): boolean {
  const blank = (text: string | undefined) => text?.trim() === '';
  return put.length > 2 && blank(put[0]) && blank(put.at(-1)) && !(blank(search[0]) && blank(search.at(-1)));
}
