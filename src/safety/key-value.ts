import type { Span } from './span.ts';

const assigned =
  /(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)["'\]]{0,2}[ \t]{0,8}(?::|=>?|:=)[ \t]{0,8}(?:"([^"\n]{8,512})"|'([^'\n]{8,512})'|([^\s"'`,;(){}[\]<>$]{8,512}))/gi;

/** Values under a name that says secret. */
export function keyValueSpans(text: string, _path?: string): Span[] {
  return [...text.matchAll(assigned)].flatMap((match) => {
    const value = match[1] ?? match[2] ?? match[3];
    if (!value || !/\d/.test(value) || !/[A-Za-z]/.test(value) || /\s/.test(value)) return [];
    const start = match.index + match[0].lastIndexOf(value);
    return [{ start, end: start + value.length, kind: 'VALUE' }];
  });
}
