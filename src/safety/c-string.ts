/** git writes unusual paths as C strings with octal bytes. */
export function unescapeC(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  const named: Record<string, number> = { n: 10, t: 9, r: 13, '"': 34, '\\': 92, a: 7, b: 8, f: 12, v: 11 };
  const pattern = /\\([0-3][0-7]{2})|\\(.)|([^\\]+)/gs;
  for (const [, octal, escaped, plain] of text.matchAll(pattern)) {
    if (octal) bytes.push(Number.parseInt(octal, 8));
    else if (escaped) bytes.push(...(named[escaped] === undefined ? Buffer.from(escaped) : [named[escaped]]));
    else if (plain) bytes.push(...Buffer.from(plain));
  }
  return Buffer.from(bytes).toString('utf8');
}
