import { importsIn } from './imports.ts';

/**
 * Does added code decide by something that nobody gave to it: neither its callers nor the state of the program, only the machine, the clock,
 * the process or what is installed? Judged by names: a question in which none stands but those of the language's own library.
 */
const globals: readonly (readonly [path: RegExp, names: RegExp])[] = [
  // Declarations decide nothing.
  [
    /(?<!\.d)\.[cm]?[jt]sx?$/,
    /^(?:process|globalThis|global|window|self|module|require|Intl|Date|performance|navigator|Error|import|__dirname|__filename)$/,
  ],
  [/\.pyw?$/, /^(?:__file__|__main__)$/],
];
/** Modules of Node and Python whose answers differ from one run to another, or that only pass on what they are given. */
const libraries =
  /^(?:node:.+|os|fs|util|events|path|process|child_process|worker_threads|perf_hooks|v8|vm|module|async_hooks|diagnostics_channel|inspector|cluster|tty|net|dns|timers|fs\/promises|sys|time|datetime|platform|socket|getpass|logging|threading|multiprocessing|importlib|pathlib|posix|nt|pwd|resource|signal|tempfile|warnings|gc|inspect|traceback|builtins|__main__|site|sysconfig|shutil|glob|subprocess|locale|uuid|asyncio|calendar|_thread|zoneinfo|pkgutil)$/;
/** Words that ask nothing by themselves. */
const neutral = new Set(
  'Object Array String Number Boolean BigInt JSON Math RegExp Symbol Map Set Promise Reflect undefined null true false NaN Infinity typeof instanceof new in of void await async this_ function const let var for return as any bool str int float len type all isinstance issubclass getattr hasattr sorted list dict set tuple map filter min max sum abs repr bytes range enumerate zip iter next is not and or None True False lambda'.split(
    ' ',
  ),
);
/** Honest code asks for these: which system, which version, what a browser can do. */
const portable =
  /\bprocess\.(?:platform|arch|versions?|release|features)\b|\bsys\.(?:platform|version_info|version|maxsize|byteorder|implementation)\b|\bos\.(?:name|sep|linesep|altsep|pathsep|EOL)\b|\bos\.(?:platform|type|arch)\(|\bplatform\.(?:system|machine|python_\w+)\(|\bpath\.sep\b|^\s*!?\s*typeof\b|^[\s!(]*(?:globalThis|global|window|self|Intl|performance|navigator|Error|import)(?:\??\.\w+)*[\s)]*$|\bimport\.meta\.(?:hot|main)\b|\brequire\.main\b/;
const word = /(?<![.\w$])[A-Za-z_$][\w$]*/g;
const cut = /(\?(?![.?])|\?\?|&&|\|\||[;:{}]|\b(?:if|else|elif|while|switch|case|return|and|or|not)\b)/;
const opens = /^(?:if|elif|while|switch)$/;
const compares =
  /[=!]==?|(?<!=)[<>]=?(?!\w+>)|\bin\b|\bis\b|\.(?:includes|test|match|some|every|has|startsWith|endsWith|startswith|endswith)\(/;

type Around = (text: string) => boolean;

/** `lines` are those that were added, spelt out; `text` is the whole new file. Undefined for languages that nothing is known of. */
export function asksAround(path: string, text: string, lines: readonly string[]): Around | undefined {
  const language = globals.find(([form]) => form.test(path))?.[1];
  if (!language) return undefined;
  const own = importsIn(text).filter(({ module }) => libraries.test(module.split('.')[0] ?? ''));
  const names = new Set(own.flatMap(({ names: taken }) => taken));
  const isAround = (part: string) => asksOnly(part, (name) => language.test(name) || names.has(name));
  for (const line of lines) {
    const [, left = '', value = ''] = /^\s*(?:(?:const|let|var)\s+)?([\w$]+|\{[\w\s,$]+\}|\[[\w\s,$]+\])\s*=(?![=>])(.*)$/.exec(line) ?? [];
    if (left !== '' && isAround(plainOf(value))) for (const [name] of left.matchAll(word)) names.add(name);
  }
  return (line) => {
    const plain = plainOf(line);
    const parts = plain.split(cut);
    const chooses = parts.some((part) => opens.test(part)) || parts.includes('?');
    return parts.some((part, at) => {
      if (at % 2 === 1 || !isAround(part)) return false;
      const [prior = '', next = ''] = [parts[at - 1], parts[at + 1]];
      return (
        opens.test(prior) ||
        next === '?' ||
        (compares.test(part) && !/^\s*\w+\s*=(?!=)/.test(part)) ||
        (chooses && /^(?:and|or|not|&&|\|\|)$/.test(prior))
      );
    });
  };
}

/** Does a question name something, and nothing but what is around the program? */
function asksOnly(part: string, isAround: (name: string) => boolean): boolean {
  if (portable.test(part)) return false;
  // What a question names for itself alone.
  const own = new Set(
    [...part.matchAll(/\(?([\w$\s,]+?)\)?\s*=>|\bfor\s+([\w\s,]+?)\s+in\b/g)].flatMap(
      ([, one = '', two = '']) => (one + two).match(word) ?? [],
    ),
  );
  const words = [...part.matchAll(word)].map(([name]) => name).filter((name) => !neutral.has(name) && !own.has(name));
  return words.length > 0 && words.every(isAround);
}

/** Without what texts, patterns and comments say. */
function plainOf(line: string): string {
  return line
    .replace(/(['"`])(?:\\.|(?!\1).)*\1/g, "''")
    .replace(/(?<=[=(,:?!&|]\s*|return )\/(?![/*])(?:\\.|[^/\\\n])+\/[a-z]*/g, "''")
    .replace(/\/\/.*$|\s#\s.*$/, '')
    .replace(/\b[bruf]+''/g, "''");
}
