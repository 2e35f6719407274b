/** Breaks at blanks, further lines begun with `hanging`. Colours count as nothing, since they only stand around whole lines here. */
export function wrap(text: string, room: number, hanging = ''): string {
  const lines = text.split('\n').flatMap((paragraph) => {
    const out: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line.trim() !== '' && visible(line) + 1 + visible(word) > room) {
        out.push(line);
        line = hanging + word;
      } else line = line === '' && out.length === 0 ? word : `${line} ${word}`;
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
