import { plainText } from '../ansi.ts';

const ghStamp = /^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z ?/;
/** `gh run view --log`: job, step and line, parted by tabs. */
const ghColumns = /^[^\t\n]+\t[^\t\n]+\t\uFEFF?(?=\d{4}-\d\d-\d\dT)/;
/** GitLab: time, two digits of stream, O or E, and `+` where a line goes on. */
const glStamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z \d\d[OE][ +]?/;
/** Jenkins: `[2026-11-20T10:11:12.123Z] `, and the time alone of its older form. */
const jenkinsStamp = /^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z\] ?|^\d\d:\d\d:\d\d {2}/;
const esc = String.fromCharCode(27);
/** Buildkite: an escape sequence with the time in milliseconds. */
const bkStamp = new RegExp(`^${esc}?_bk;t=\\d+${String.fromCharCode(7)}?`);
const backToStart = new RegExp(`${esc}\\[1?G`, 'g');
const marks =
  /^(?:##\[(?:group|endgroup|command|section|debug)\]|::(?:group|endgroup|debug|add-mask)::|section_(?:start|end):\d+:[\w.-]+(?:\[[^\]]*\])?)/;
/** An annotation repeats what the program printed, on one line with its line ends written as %0A, or as a notice. */
const repeats = /^(?:##\[notice\]|::(?:error|warning|notice)\b[^:]*::.*%0A|::notice\b)/;
const notices = /^(?:##\[(?:error|warning)\]|::(?:error|warning)\b[^:]*::)/;

/** The lines of a CI log as the programs printed them: stamps, groups, colours and step names taken off. */
export function readLogLines(text: string): string[] {
  return text.split('\n').map((raw) => {
    const line = raw.replace(bkStamp, '').replace(ghColumns, '').replace(glStamp, '').replace(ghStamp, '').replace(jenkinsStamp, '');
    // GitLab clears its section marks with a carriage return: what counts stands after the last one.
    // Bats goes back to the first column by an escape sequence.
    const shown = plainText(line.replace(backToStart, '\r').replace(/\r+$/, '').split('\r').at(-1) ?? '');
    if (repeats.test(shown)) return '';
    return marks.test(shown) ? shown.replace(marks, '') : shown.replace(notices, '');
  });
}
