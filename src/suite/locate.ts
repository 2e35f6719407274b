import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from './list-files.ts';

const testFile =
  /(?:^|\/)(?:test|tests|spec|specs|__tests__|e2e)\/.*\.[cm]?[jt]sx?$|[._-](?:test|spec)s?\.[cm]?[jt]sx?$|(?:^|\/)(?:test|spec)[^/]*\.[cm]?[jt]s$/;

/**
 * Finds the test file that a name stands in, for runners whose reports hold no file. The name must occur literally in one file only; the
 * answer is the same whether the test passed or failed.
 */
export function makeLocate(folder: string): {
  readonly byTitle: (title: string) => string | undefined;
  readonly files: () => readonly string[];
} {
  let files: readonly string[] | undefined;
  let texts: readonly string[] | undefined;
  const list = () => {
    files ??= listFiles(folder, 20_000)
      .filter((path) => testFile.test(path) && !path.includes('fixture'))
      .slice(0, 2_000);
    return files;
  };
  const known = new Map<string, string | undefined>();
  const find = (title: string) => {
    texts ??= list().map((path) => readText(join(folder, path)));
    const forms = ["'", '"', '`'].map((quote) => `${quote}${title.replaceAll(quote, `\\${quote}`)}${quote}`);
    const holds = texts.flatMap((text, index) => (forms.some((form) => text.includes(form)) ? [index] : []));
    return holds.length === 1 ? list()[holds[0] ?? 0] : undefined;
  };
  return {
    files: list,
    byTitle(title) {
      if (!known.has(title)) known.set(title, find(title));
      return known.get(title);
    },
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 500_000);
  } catch {
    return '';
  }
}
