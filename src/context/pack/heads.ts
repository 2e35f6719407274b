import { languageOf } from '../scan/languages.ts';
import { importsReason, type Part } from './render.ts';

const linesOfHead = 250;
const mostLines = 24;
const identifier = /[A-Za-z_$][\w$]*/g;
const keywords = new Set('import from export require use using as type const let var static include mod package default'.split(' '));

/** The imports at the head of a file that bring in a name which `shown` uses: without them a reader does not know what a name is. */
export function headParts(path: string, lines: readonly string[], shown: readonly Part[]): Part[] {
  const imports = languageOf(path)?.imports;
  if (!imports) return [];
  const text = lines.slice(0, linesOfHead).join('\n');
  const used = new Set(shown.flatMap(({ startLine, endLine }) => namesIn(lines.slice(startLine - 1, endLine).join('\n'))));
  const parts: Part[] = [];
  let taken = 0;
  for (const match of text.matchAll(imports)) {
    const startLine = lineAt(text, match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0));
    const endLine = lineAt(text, match.index + match[0].trimEnd().length);
    const inside = shown.some((part) => part.startLine <= startLine && endLine <= part.endLine);
    if (inside || taken >= mostLines || !namesIn(match[0]).some((name) => !keywords.has(name) && used.has(name))) continue;
    taken += endLine - startLine + 1;
    parts.push({ startLine, endLine, reason: importsReason });
  }
  return parts;
}

const namesIn = (text: string) => [...text.matchAll(identifier)].map(([name]) => name);

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++;
  return line;
}
