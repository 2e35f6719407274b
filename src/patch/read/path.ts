import { unescapeC } from '../../safety/c-string.ts';

/** Characters that cannot be seen or that reorder text: no honest path holds one. */
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029\ufffd]/u;

/** A path as a model writes it, without quotes, code marks, prefixes of list items and `./`. Undefined: not a path. */
export function readPath(text: string): string | undefined {
  let path = text.trim();
  // Most paths are written with nothing around them.
  if (/^[\w@][\w./@+-]*$/.test(path)) return path;
  path = path.replace(/^(?:#{1,6}|[-*+]|\d+[.)])\s+/, '').replace(/^(?:\/\/|#|--|<!--|\/\*)\s*/, '');
  path = path.replace(/^\*\*(?:file(?:name| ?path)?|path)\s*:?\*\*\s*:?\s*/i, '');
  path = path.replace(/\s*(?:-->|\*\/)$/, '').replace(/^\*{1,2}(.*)\*{1,2}:?$/, '$1');
  path = path.replace(/^(?:file(?:name| ?path)?|path|in|update|edit|modify|create|new file)\s*:?\s+(?=[`'"\w./@-]+\S*$)/i, '');
  path = path.replace(/:$/, '').replace(/(\S)(?::\d+(?:[-:–]\d+)?|\s+\(?(?:lines?|L)\s?\d+(?:\s?[-–]\s?L?\d+)?\)?)$/i, '$1');
  path = unquote(path).trim().replace(/:$/, '');
  path = path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
  return path === '' ? undefined : path;
}

/** Does a line stand for a file and nothing else? */
export function isPathLine(line: string): boolean {
  if (line.length > 300 || !/[./\\A-Z]/.test(line) || /^\s*[+@<>=|{}()]/.test(line)) return false;
  const path = readPath(line);
  if (path === undefined || /[\s<>"'`{}();,=|*?]/.test(path)) return false;
  return /\.[A-Za-z0-9_-]{1,12}$/.test(path) || /^[\w.@-]+(?:\/[\w.@+-]+)+$/.test(path) || /^(?:[A-Z][a-z]*file|[A-Z]{4,})$/.test(path);
}

/** `<path>src/a.ts</path>`, `<file path="src/a.ts">`: markup that names a file, alone on a line. */
export function pathInTag(line: string): string | undefined {
  if (!line.includes('<')) return undefined;
  const inside = /^\s*<(path|file|file_?path|filename)>([^<>]+)<\/\1>\s*$/i.exec(line)?.[2];
  const named = inside ?? /^\s*<\w+\s(?:[^<>]*\s)?(?:path|name|file(?:_?path|name)?)=["']([^"'<>]+)["'][^<>]*>\s*$/i.exec(line)?.[1];
  return named !== undefined && isPathLine(named) ? readPath(named) : undefined;
}

function unquote(path: string): string {
  const quoted = /^(["'`])(.*)\1$/.exec(path);
  if (!quoted) return path;
  return quoted[1] === '"' ? unescapeC(quoted[2] ?? '') : (quoted[2] ?? '');
}

export type PathProblem = { readonly rule: string; readonly message: string };

/**
 * Why a path may never be written, whatever the rules allow: it leaves the repository, or a file system could take it for another one.
 * Paths are relative and POSIX. `exists`: there is such a file already.
 */
export function pathProblem(path: string, exists = false): PathProblem | undefined {
  const outside = (message: string): PathProblem => ({ rule: 'path_outside', message });
  if (path === '' || path.endsWith('/')) return { rule: 'path_invalid', message: 'is not the path of a file' };
  if (path.length > 1024) return { rule: 'path_invalid', message: 'is too long' };
  if (unseen.test(path)) return { rule: 'path_invalid', message: 'holds characters that cannot be seen' };
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.startsWith('~')) return outside('is not relative to the repository');
  if (path.includes('\\')) return { rule: 'path_invalid', message: 'holds a backslash' };
  const parts = path.split('/');
  if (parts.includes('..')) return outside('leads out of the repository');
  if (parts.some((part) => part === '' || part === '.')) return { rule: 'path_invalid', message: 'is not in its plain form' };
  // A file that is there has its name; to others, some file systems read a colon as a stream.
  if (!exists && path.includes(':')) return { rule: 'path_invalid', message: 'holds a colon' };
  if (parts.some(isGitFolder)) return { rule: 'git_folder', message: 'lies in a .git folder' };
  if (parts.some((part) => /[. ]$/.test(part) || part.startsWith(' ')))
    return { rule: 'path_invalid', message: 'has a part that ends in a dot or a blank' };
  return undefined;
}

/** `.git` in any spelling that some file system takes for it. */
function isGitFolder(part: string): boolean {
  const plain = part
    .normalize('NFKC')
    .replace(/:.*$/, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();
  return plain === '.git' || /^git~\d+$/.test(plain);
}
