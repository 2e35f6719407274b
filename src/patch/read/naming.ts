import { isFence } from './fence.ts';
import type { Known } from './known-paths.ts';
import { isPathLine, pathInTag, readPath } from './path.ts';

/** The file that a line of text names for what follows it. */
export function pathOf(line: string, known: Known): string | undefined {
  const tag = pathInTag(line);
  if (tag !== undefined) return tag;
  const whole = known.named(line) ?? (isPathLine(line) ? readPath(line) : undefined);
  return whole ?? (leadsIn(line) ? pathInHeading(line, known) : undefined);
}

export function pathInInfo(info: string, known: Known): string | undefined {
  // Most say a language and no more.
  if (/^\w*$/.test(info) && known.named(info) === undefined) return undefined;
  const rest = info.replace(/^[\w+#-]+[\s:]+/, '');
  const value = /(?:title|file(?:name)?|path)\s*[=:]\s*(?:"([^"]+)"|'([^']+)'|([^"'\s}]+))/i.exec(info);
  const named = value?.[1] ?? value?.[2] ?? value?.[3];
  const whole = known.named(info) ?? known.named(rest) ?? (named === undefined ? undefined : known.named(named));
  if (whole !== undefined) return whole;
  if (named) return readPath(named);
  const [first = '', second = ''] = info.split(/[\s:]+(.*)/s);
  if (second && isPathLine(second)) return readPath(second);
  return /[/.]/.test(first) && isPathLine(first) ? readPath(first) : undefined;
}

/** The path on the nearest line of text above a fence. */
export function pathAbove(lines: readonly string[], at: number, known: Known): string | undefined {
  for (let above = at - 1; above >= 0 && above >= at - 3; above--) {
    const line = lines[above] ?? '';
    if (isFence(line)) return undefined;
    if (line.trim() !== '') return pathOf(line, known) ?? (above === at - 1 || leadsIn(line) ? pathWithBlanks(line, known) : undefined);
  }
  return undefined;
}

/** A heading, or a line that leads to what is below it. */
function leadsIn(line: string): boolean {
  return /^\s*#{1,6}\s|[:：]\**\s*$|^\s*\*\*.*\*\*\s*$/.test(line);
}

/** "### `src/a.ts` (changed)", "In **src/a.ts**:": the one path that a heading or a lead-in marks as code, or the one file it names. */
function pathInHeading(line: string, known: Known): string | undefined {
  const marked = [...line.matchAll(/`([^`\s]+)`|\*\*([^*\s]+)\*\*/g)].map((match) => match[1] ?? match[2] ?? '');
  const paths = [...new Set(marked.filter((text) => isPathLine(text)))];
  return known.within(line) ?? (paths.length === 1 ? readPath(paths[0] ?? '') : undefined);
}

/** A new file with blanks in its name: marked as code, or in a folder that is there. */
function pathWithBlanks(line: string, known: Known): string | undefined {
  const text = line
    .trim()
    .replace(/^#{1,6}\s+/, '')
    .replace(/:$/, '');
  const marked = /^(?:\*\*`?|`)([^`*]+\.[A-Za-z][A-Za-z0-9]{0,7})(?:`?\*\*|`)$/.exec(text)?.[1];
  if (marked !== undefined) return readPath(marked);
  return /\.[A-Za-z][A-Za-z0-9]{0,7}$/.test(text) && known.isFolder(text.slice(0, Math.max(0, text.lastIndexOf('/')))) ? text : undefined;
}
