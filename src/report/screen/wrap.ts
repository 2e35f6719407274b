/**
 * Breaks at blanks, further lines begun as the first one is and with `hanging`. Colours count as nothing, since they only stand around
 * whole lines here.
 */
export function wrap(text: string, room: number, hanging = ''): string {
  const lines = text.split('\n').flatMap((paragraph) => {
    const lead = /^ */.exec(paragraph)?.[0] ?? '';
    const [first = '', ...words] = paragraph.slice(lead.length).split(' ');
    const out: string[] = [];
    let line = lead + first;
    for (const word of words) {
      if (line.trim() !== '' && visible(line) + 1 + visible(word) > room) {
        out.push(line);
        line = lead + hanging + word;
      } else line = `${line} ${word}`;
    }
    return [...out, line];
  });
  return lines.join('\n');
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
export const visible = (text: string) => text.replace(colours, '').length;

/** A name and what is said of it, in two columns; below each other where little room is left beside the name. */
export function entry(name: string, text: string, column: number, width: number): string {
  const beside = name.length <= column - 4 && width - column >= 24;
  const indent = beside ? column : 6;
  const lines = wrap(text, width - indent).replaceAll('\n', `\n${' '.repeat(indent)}`);
  return beside ? `  ${name.padEnd(column - 4)}  ${lines}` : `  ${name}\n${' '.repeat(indent)}${lines}`;
}
