import { createHash } from 'node:crypto';

/** Splits a SKILL.md into its front matter (without the `---` lines) and its body. Undefined: no front matter at the first line. */
export function splitSkill(text: string): { readonly frontMatter: string; readonly body: string } | undefined {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(text);
  return match?.[1] === undefined ? undefined : { frontMatter: match[1], body: text.slice(match[0].length) };
}

/** The page for the root of the package: the body alone, because with front matter `npx skills add` would install the whole package. */
export function rootPage(skill: string): string {
  return (splitSkill(skill)?.body ?? skill).replace(/^\s+/, '');
}

export type SkillFile = { readonly path: string; readonly content: Uint8Array };

/** One hash over a folder: paths relative to it with `/`, in code-unit order, each with its bytes. Line ends do not count: git may change them. */
export function hashFiles(files: readonly SkillFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const same = Buffer.from(Buffer.from(content).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
    hash.update(`${path}\0${same.byteLength}\0`).update(same);
  }
  return hash.digest('hex');
}
