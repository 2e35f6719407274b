import type { Failure } from '../../schema/run.ts';
import { block, type Region } from './tests.ts';

const setUp =
  /^\s*(?:(?:beforeEach|beforeAll|before|setup|suiteSetup|let!?|subject!?|test\.(?:beforeEach|beforeAll|before))\b\s*(?:\(|do\b|\{)|(?:async\s+)?(?:def|function|public|protected|void|func|fun|fn)\b[^=]*\b(?:setUp(?:Class|BeforeClass|Module|Method|All)?|setup(?:_method|_class|_module|_function)?|SetUp|SetupTest|SetupSuite|TestMain|initialize)\b\s*\(?|@(?:Before|BeforeEach|BeforeAll|BeforeClass|pytest\.fixture\(autouse)\b|\[(?:SetUp|OneTimeSetUp|TestInitialize)\])/;
const mostSetUps = 4;
const longestSetUp = 40;

const indentOf = (line: string) => (line.trim() === '' ? Number.POSITIVE_INFINITY : line.length - line.trimStart().length);

/** What runs before a test and stands in one of the blocks around it, and the heads of these blocks, which say what the test is a part of. */
export function setUpsOf(lines: readonly string[], region: Region): Region[] {
  const found: Region[] = [];
  let first = region.startLine - 1;
  let indent = indentOf(lines[first] ?? '');
  // From the test outwards: its brothers, then those of the block around it.
  for (let at = first - 1; at >= 0 && found.length < mostSetUps; at--) {
    const line = lines[at] ?? '';
    const depth = indentOf(line);
    if (depth === Number.POSITIVE_INFINITY || depth > indent) continue;
    if (depth < indent && !/^\s*(?:[)\]}#*@]|\/[/*]|end\b)/.test(line)) {
      found.push({ startLine: at + 1, endLine: Math.min(headEnd(lines, at), region.startLine - 1) });
      indent = depth;
      first = at;
      continue;
    }
    if (!setUp.test(line)) continue;
    const { startLine, endLine } = block(lines, at);
    // A decorator's block ends where the definition below it begins.
    const own = endLine === at + 1 ? block(lines, at + 1).endLine : endLine;
    if (own < region.startLine) found.push({ startLine, endLine: Math.min(own, startLine + longestSetUp) });
  }
  return found.reverse();
}

/** The line that opens a block, with what is set right below it: fields of a class, variables of a suite. */
function headEnd(lines: readonly string[], at: number): number {
  let end = at + 1;
  while (
    end < Math.min(lines.length, at + 12) &&
    /^\s*(?:\w[\w.]*\s*(?::[^=]+)?=|let\b|const\b|var\b|private\b|protected\b|["']{3})/.test(lines[end] ?? '')
  )
    end++;
  return end;
}

const rowsAbove = 4;
const headLines = 12;
const tailLines = 25;

/** Of a long test: how it begins and ends, and the rows of its table that the failures name or stand at. */
export function rowsOf(lines: readonly string[], region: Region, failures: readonly Failure[]): Region[] {
  const inside = (line: number | undefined): line is number => line !== undefined && line >= region.startLine && line <= region.endLine;
  const rows: Region[] = [];
  const around = (line: number) => {
    const { startLine, endLine } = rowAround(lines, line, region);
    rows.push({ startLine, endLine });
  };
  for (const { name, line, frames, message, expected, actual } of failures.slice(0, 8)) {
    for (const one of [line, ...frames.slice(0, 6).map((frame) => frame.line)]) if (inside(one)) around(one);
    const last = name.split(/ > |\//).at(-1) ?? '';
    const wanted = [
      last,
      last.replaceAll('_', ' '),
      ...quoted(message),
      ...[expected, actual].map((value) => value?.trim().slice(0, 60) ?? ''),
    ];
    for (const text of new Set(wanted.filter((one) => one.length >= 4))) {
      const at = lines.findIndex((row, index) => index >= region.startLine && index < region.endLine && row.includes(text));
      if (at >= 0) around(at + 1);
    }
    if (rows.length > 8) break;
  }
  const head = { startLine: region.startLine, endLine: Math.min(region.endLine, region.startLine + headLines) };
  const tail = { startLine: Math.max(region.startLine, region.endLine - tailLines), endLine: region.endLine };
  return [head, ...rows.slice(0, 8), tail];
}

/** Short texts in quotes of a message, as they may stand in a table. */
const quoted = (message: string) =>
  [...message.slice(0, 2_000).matchAll(/["'`]([^"'`\n]{4,60})["'`]/g)].slice(0, 6).map(([, text = '']) => text);

/** The row of a table around a line: from the line above that is indented as it is or less and opens it, to where it closes. */
function rowAround(lines: readonly string[], line: number, region: Region): Region {
  let start = line - 1;
  const indent = indentOf(lines[start] ?? '');
  while (start > region.startLine && line - 1 - start < rowsAbove && indentOf(lines[start] ?? '') >= indent) start--;
  const { endLine } = block(lines, start);
  return { startLine: start + 1, endLine: Math.min(Math.max(endLine, line), line + 14, region.endLine) };
}
