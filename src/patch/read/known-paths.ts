import { unescapeC } from '../../safety/c-string.ts';
import { unescapeEntities } from './unwrap.ts';

/** The files of a repository. What names one of them is that file, however it is written. */
export type Known = {
  readonly has: (path: string) => boolean;
  /** The file that a text names and nothing else. */
  readonly named: (text: string) => string | undefined;
  /** The one file that is named somewhere in a line. */
  readonly within: (line: string) => string | undefined;
  /** The one file whose path ends as this one does, or of which this path ends in the whole. */
  readonly alike: (path: string) => string | undefined;
  readonly isFolder: (path: string) => boolean;
};

const longest = 500;
const mostForms = 80;
const mostWords = 24;
/** Lines of an answer that are kept with what they name: most stand there again and again. */
const mostSeen = 10_000;

export function openKnown(paths: Iterable<string> = []): Known {
  const own = new Set(paths);
  let folders: Set<string> | undefined;
  let composed: Map<string, string> | undefined;
  let byName: Map<string, string[]> | undefined;
  let namesOne: ((text: string) => boolean) | undefined;
  const mayName = (text: string): boolean => {
    if (own.size === 0 || text.length > longest) return false;
    namesOne ??= namesOneOf(own);
    return namesOne(text);
  };
  const seen = new Map<string, string | undefined>();
  // File systems write letters with accents in two ways.
  const find = (path: string): string | undefined => {
    if (own.has(path) || !/[^\0-\x7f]/.test(path)) return own.has(path) ? path : undefined;
    composed ??= new Map([...own].filter((one) => /[^\0-\x7f]/.test(one)).map((one) => [one.normalize('NFC'), one]));
    return composed.get(path.normalize('NFC'));
  };
  const named = (text: string): string | undefined => {
    if (!mayName(text)) return undefined;
    if (!seen.has(text)) {
      if (seen.size > mostSeen) seen.clear();
      seen.set(text, unpeeled(text.trim()));
    }
    return seen.get(text);
  };
  const unpeeled = (text: string): string | undefined => {
    const forms = new Set([text]);
    for (const form of forms) {
      const path = find(form);
      if (path !== undefined) return path;
      for (const peel of peels) {
        const less = peel(form);
        if (less !== undefined && less !== '' && forms.size < mostForms) forms.add(less);
      }
    }
    return undefined;
  };
  const within = (line: string): string | undefined => {
    if (!mayName(line)) return undefined;
    const marked = [...line.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*|"([^"]+)"|\]\(([^()\s]+)\)/g)].flatMap((found) =>
      found.slice(1).filter(Boolean),
    );
    const inMarks = new Set(marked.flatMap((text) => named(text) ?? []));
    if (inMarks.size > 0) return only(inMarks);
    const starts = [...line.matchAll(/(?<![^\s([{"'`*<])\S/g)].slice(0, mostWords).map(({ index }) => index);
    const ends = [...line.matchAll(/(?<=\S)(?![^\s)\]}"'`*>:,;.!?])/g)].slice(0, 2 * mostWords).map(({ index }) => index);
    const found = new Set<string>();
    for (const start of starts) {
      // The longest name from here on.
      const end = ends.findLast((at) => at > start && find(line.slice(start, at).replaceAll('\\', '/').replace(/^\.\//, '')) !== undefined);
      const path = end === undefined ? undefined : find(line.slice(start, end).replaceAll('\\', '/').replace(/^\.\//, ''));
      if (path !== undefined) found.add(path);
    }
    return only(new Set([...found].filter((path) => ![...found].some((other) => other !== path && other.endsWith(` ${path}`)))));
  };
  const alike = (path: string): string | undefined => {
    byName ??= group(own);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const all = (byName.get(name) ?? []).filter((one) => one.endsWith(`/${path}`) || path.endsWith(`/${one}`));
    return only(new Set(all));
  };
  const isFolder = (path: string): boolean => {
    folders ??= new Set(
      [...own].flatMap((one) =>
        one
          .split('/')
          .slice(0, -1)
          .map((_, depth, parts) => parts.slice(0, depth + 1).join('/')),
      ),
    );
    return folders.has(path);
  };
  return { has: (path) => own.has(path), named, within, alike, isFolder };
}

function only(found: ReadonlySet<string>): string | undefined {
  const [path] = found;
  return found.size === 1 ? path : undefined;
}

function group(paths: Iterable<string>): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    names.set(name, [...(names.get(name) ?? []), path]);
  }
  return names;
}

const runs = /[A-Za-z0-9]+/g;

/**
 * Whether a text can name one of the files at all: the last two words of a path, such as `answer` and `ts`, stand in every form of it, one
 * behind the other. Asked first, because an answer has many lines and a line many forms.
 */
function namesOneOf(paths: Iterable<string>): (text: string) => boolean {
  const ends = new Set<string>();
  let beyond = false;
  for (const path of paths) {
    beyond ||= /[^\0-\x7f]/.test(path);
    ends.add((path.match(runs) ?? []).slice(-2).join(' '));
  }
  return (text) => {
    // Escapes and letters in two forms change words.
    if (/[\\%&]/.test(text) || (beyond && /[^\0-\x7f]/.test(text)) || ends.has('')) return true;
    let last = '';
    for (const [word] of text.matchAll(runs)) {
      if (ends.has(word) || ends.has(`${last} ${word}`)) return true;
      last = word;
    }
    return false;
  };
}

type Peel = (text: string) => string | undefined;

const off =
  (pattern: RegExp): Peel =>
  (text) => {
    const less = text.replace(pattern, '').trim();
    return less === text ? undefined : less;
  };
/** Between two marks, whatever stands behind the second one that is only a colon. */
const between =
  (pattern: RegExp): Peel =>
  (text) =>
    pattern.exec(text)?.[1]?.trim();

const label =
  /^(?:(?:new|existing|updated|modified|changed|full)\s+)?(?:file\s?(?:name|path)?|path|filename|in(?:\s+file)?|updated?|edit(?:ed)?|modif(?:y|ied)|changes?(?:\s+(?:to|in))?|creat(?:e|ed)|fix(?:\s+in)?|datei|fichier|archivo|ficheiro|dosya|файл|文件|檔案|ファイル|파일)(?:\s+#?\d+(?:\s*(?:of|\/)\s*\d+)?)?(?:\s*[:：=]\s*|\s+)/iu;

/** What may stand around a path that is not part of it, one layer each. A path that has such signs itself is found before they are off. */
const peels: readonly Peel[] = [
  off(/^#{1,6}\s+/),
  off(/^(?:[-*+•]|\(?\d{1,3}[.)])\s+/),
  off(/^(?:\/\/+|#+|--|;+|%+|<!--|\/\*+|"""|REM)\s*/),
  off(/\s*(?:-->|\*+\/|"""|#+)$/),
  off(/[:：,;]$/),
  off(/\.$/),
  between(/^\*\*(.+)\*\*$/),
  between(/^__(.+)__$/),
  between(/^[*_](.+)[*_]$/),
  between(/^`+(.+?)`+$/),
  between(/^["“«](.+)["”»]$/),
  between(/^['‘](.+)['’]$/),
  between(/^<(.+)>$/),
  between(/^\[(.+)\]$/),
  between(/^\((.+)\)$/),
  between(/^\[([^\]]+)\]\([^)]*\)$/),
  between(/^\[[^\]]+\]\((.+)\)$/),
  off(/^\*\*(?:file(?:name| ?path)?|path)\s*[:：]?\*\*\s*[:：]?\s*/i),
  off(label),
  off(/(?::|#)L?\d+(?:[-–:]L?\d+)?$/i),
  off(/\s*[,(]?\s*(?:lines?|L)\s?\d+(?:\s?[-–]\s?L?\d+)?\)?$/i),
  off(/\s+\([^()]*\)$/),
  off(/\s+[-–—]\s+.*$/),
  between(/^`([^`]+)`.*$/),
  between(/^\*\*([^*]+)\*\*.*$/),
  off(/^\.\//),
  off(/^\/+/),
  off(/^[ab]\//),
  (text) => (text.includes('\\') ? text.replaceAll('\\', '/') : undefined),
  (text) => (/\\[0-3][0-7]{2}|\\["\\t]/.test(text) ? unescapeC(text) : undefined),
  (text) => (/\\[_*[\]()#`~>+.!-]/.test(text) ? text.replace(/\\([_*[\]()#`~>+.!-])/g, '$1') : undefined),
  (text) => (text.includes('&') ? unescapeEntities(text) : undefined),
  (text) => (/%[0-9a-f]{2}/i.test(text) ? decode(text) : undefined),
];

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
