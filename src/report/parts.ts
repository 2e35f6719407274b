export function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n${lines.join('\n')}`;
}

/** A fenced block whose fence is longer than any run of back-ticks inside. */
export function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${text.replace(/\n$/, '')}\n${ticks}`;
}

/** Why it is red, said once: the explanation often begins with its own summary. */
export function explain({ summary, why }: { readonly summary: string; readonly why: string }): string {
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
  return plain(why).startsWith(plain(summary)) ? why : [summary, why].filter((part) => part !== '').join('\n');
}
