import type { Failure } from '../../schema/run.ts';

/** Lines of a test file that belong to one failing test, from 1, inclusive. */
export type Region = { readonly startLine: number; readonly endLine: number };

/**
 * Finds the failing test in its file: by name (`it('adds'`, `def test_adds`, `func TestAdds`, a table row), else by the reported line.
 * Undefined: it cannot be told.
 */
export function findTest(lines: readonly string[], failure: Pick<Failure, 'name' | 'line' | 'frames' | 'file'>): Region | undefined {
  const titles = failure.name.split(' > ').map((title) => title.trim());
  const last = titles.at(-1) ?? '';
  const bare = last.replace(/\[.*\]$/s, '').replace(/\(.*\)$/s, '');
  const goParts = bare.split('/');
  const functionName = /^\w+$/.test(goParts[0] ?? '') ? goParts[0] : undefined;
  const reported = failure.line ?? failure.frames.find((frame) => frame.file === failure.file)?.line;
  const starts: number[] = [];
  const definition = functionName ? new RegExp(`\\b(?:def|func|fn|fun|function|void|public|test)\\b[^(]*\\b${functionName}\\b`) : undefined;
  lines.forEach((line, index) => {
    if (functionName && line.includes(functionName) && definition?.test(line)) starts.push(index);
    else if (last.length > 2 && holdsTitle(line, lines[index + 1] ?? '', last)) starts.push(index);
  });
  const blocks = starts.map((start) => block(lines, start));
  if (reported !== undefined) {
    const around = blocks.find((region) => region.startLine <= reported && reported <= region.endLine);
    if (around) return around;
  }
  const byParents = blocks.length > 1 ? blocks.find((region) => hasParents(lines, region, titles.slice(0, -1))) : undefined;
  if (byParents ?? blocks[0]) return byParents ?? blocks[0];
  if (reported === undefined || reported > lines.length) return undefined;
  return enclosing(lines, reported);
}

function holdsTitle(line: string, next: string, title: string): boolean {
  if (!/\b(?:it|test|specify|should|scenario|example|each|fit|xit|bench|Run|name|t)\b/i.test(line)) return false;
  const here = line.includes(title) || next.trim().slice(1).startsWith(title);
  if (here) return true;
  // Titles with interpolations: compare the fixed text in front of the first one.
  const literal = /(['"`])((?:(?!\1).)*)\1/.exec(line)?.[2];
  const fixed = literal?.split(/\$\{|%[sdifjo#p]|\$\w/)[0] ?? '';
  return fixed.length >= 8 && fixed !== literal && title.includes(fixed);
}

/** Whether every parent's title stands in one of the blocks around the region. */
function hasParents(lines: readonly string[], region: Region, parents: readonly string[]): boolean {
  const around: string[] = [];
  let indent = indentOf(lines[region.startLine - 1] ?? '');
  for (let at = region.startLine - 2; at >= 0; at--) {
    const line = lines[at] ?? '';
    if (indentOf(line) >= indent) continue;
    indent = indentOf(line);
    around.push(line);
  }
  return parents.every((parent) => around.some((line) => standsIn(line, parent)));
}

/** Whether a title stands in a line as a whole, not as a part of another word. */
function standsIn(line: string, title: string): boolean {
  for (let at = line.indexOf(title); at >= 0; at = line.indexOf(title, at + 1)) {
    if (!/\w/.test(line[at - 1] ?? '') && !/\w/.test(line[at + title.length] ?? '')) return true;
  }
  return false;
}

const indentOf = (line: string) => (line.trim() === '' ? Number.POSITIVE_INFINITY : line.length - line.trimStart().length);

/** The block that starts at a line, by indentation; decorators above belong to it. */
export function block(lines: readonly string[], start: number): Region {
  const indent = indentOf(lines[start] ?? '');
  let end = start;
  for (let at = start + 1; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const depth = indentOf(line);
    if (depth === Number.POSITIVE_INFINITY) continue;
    if (depth > indent) end = at;
    else {
      const closes = depth === indent && /^[)\]}]|^end\b/.test(line.trim());
      if (closes) end = at;
      if (!closes || !/[{([,]$|=>$|:$/.test(line.trim())) break;
    }
  }
  let first = start;
  while (first > 0 && /^\s*(?:@|#\[|\/\/|\*|\/\*|#)/.test(lines[first - 1] ?? '') && indentOf(lines[first - 1] ?? '') >= indent) first--;
  return { startLine: first + 1, endLine: end + 1 };
}

/** The nearest test-like block around a line. */
function enclosing(lines: readonly string[], line: number): Region {
  let indent = indentOf(lines[line - 1] ?? '');
  for (let at = line - 1; at >= 0; at--) {
    const text = lines[at] ?? '';
    if (indentOf(text) > indent) continue;
    indent = Math.min(indent, indentOf(text));
    if (/\b(?:it|test|specify|scenario|example)\b[\w.]*\s*\(|\bdef\s+test|\bfunc\s+Test|\bfn\s+\w+|@Test/.test(text)) {
      const region = block(lines, at);
      if (region.endLine >= line) return region;
    }
  }
  return { startLine: Math.max(1, line - 15), endLine: Math.min(lines.length, line + 15) };
}
