import { type Definition, scanDefinitions } from './scan.ts';

/**
 * A stretch of a file that is packed or left out as one. The segments of a file follow each other without gap or overlap.
 * `glue` is what stands between definitions. `nameLine` is the line that names the definition; `title` its name with its containers.
 */
export type Segment = {
  readonly startLine: number;
  readonly endLine: number;
  readonly name: string;
  readonly title: string;
  readonly kind: 'function' | 'type' | 'value' | 'glue';
  readonly nameLine: number;
};

const longestUnit = 90;
const longestGlue = 50;

/** Cuts a text into segments by its definitions; without any, into windows of lines at blank lines. */
export function cutSegments(path: string, text: string, definitions: readonly Definition[] = scanDefinitions(path, text)): Segment[] {
  const lines = text.split('\n');
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const segments: Segment[] = [];
  let next = 1;

  // Blank lines and closing brackets are no stretch of their own.
  const isBare = (from: number, until: number) => !lines.slice(from - 1, until).some((line) => /\w/.test(line));
  const glue = (until: number, name: string, title: string) => {
    const previous = segments.at(-1);
    if (previous && next <= until && isBare(next, until)) {
      segments[segments.length - 1] = { ...previous, endLine: until };
      next = until + 1;
    }
    while (next <= until) {
      let end = Math.min(until, next + longestGlue - 1);
      if (end < until)
        for (let at = end; at > next + longestGlue / 2; at--)
          if ((lines[at - 1] ?? '').trim() === '') {
            end = at;
            break;
          }
      segments.push({ startLine: next, endLine: end, name, title, kind: 'glue', nameLine: next });
      next = end + 1;
    }
  };
  // Overloads are one definition.
  const add = (segment: Segment) => {
    const previous = segments.at(-1);
    const joins = previous?.title === segment.title && previous.kind === 'function' && segment.endLine - previous.startLine < longestUnit;
    if (previous && joins) segments[segments.length - 1] = { ...segment, startLine: previous.startLine };
    else segments.push(segment);
  };
  const visit = (from: number, to: number, endLine: number, name: string, title: string) => {
    for (let at = from; at < to; at++) {
      const definition = definitions[at];
      if (!definition || definition.startLine < next || definition.endLine > endLine) continue;
      let inner = at + 1;
      while (inner < to && (definitions[inner]?.line ?? 0) <= definition.endLine) inner++;
      const children = definitions.slice(at + 1, inner).filter((child) => child.kind !== 'value' && child.endLine > child.line);
      const length = definition.endLine - definition.startLine + 1;
      const opens = children.length > 0 && (definition.kind === 'type' ? length > 12 : length > longestUnit);
      if (definition.kind === 'value' && length < 4) continue;
      glue(definition.startLine - 1, name, title);
      const own = definition.owner ? `${definition.owner}.${definition.name}` : definition.name;
      const full = title ? `${title}.${own}` : own;
      if (opens) visit(at + 1, inner, definition.endLine, definition.name, full);
      else if (definition.kind !== 'function' && length > longestUnit) glue(definition.endLine, definition.name, full);
      else
        add({
          startLine: next,
          endLine: definition.endLine,
          name: definition.name,
          title: full,
          kind: definition.kind,
          nameLine: definition.line,
        });
      if (opens) glue(definition.endLine, definition.name, full);
      next = definition.endLine + 1;
      at = inner - 1;
    }
  };
  visit(0, definitions.length, last, '', '');
  glue(last, '', '');
  return segments;
}
