import type { FileChange, TamperFlag } from '../../schema/patch.ts';
import type { Failure } from '../../schema/run.ts';
import { align } from '../place/reading.ts';
import { splitText } from '../place/text.ts';
import { asksAround } from './around.ts';
import { importedNames, reachesInto, sharedNames } from './foreign.ts';
import { entryFlags } from './guarded-keys.ts';
import { isTestName } from './rules.ts';
import { choosing, signs } from './signs.ts';
import { specialCases } from './values.ts';

const assertion =
  /\b(?:expect|assert(?:\.\w+)?|should|require\.\w+|self\.assert\w+|t\.(?:Error|Fatal|Errorf|Fatalf|is|deepEqual|true|false|throws))\s*\(|^\s*assert\s|\.should\b/;

/**
 * What in a patch smells of cheating, with the line in the new file. Reported, never refused: each has honest uses. `read` gives the failing
 * tests' files, whose values no code should name.
 */
export function tamperFlags(
  changes: readonly FileChange[],
  failures: readonly Failure[],
  read: (path: string) => string | undefined = () => undefined,
): TamperFlag[] {
  // A renamed file is what it was under its other name.
  const old = new Map(changes.map(({ path, before }) => [path, before]));
  const based = (change: FileChange) => (change.from === undefined ? change : { ...change, before: old.get(change.from) ?? null });
  const flags = changes.flatMap((change) => [...flagsOf(based(change)), ...entryFlags(change)]);
  return [...flags, ...specialCases(changes.map(based), failures, read)];
}

function flagsOf({ path, before, after }: FileChange): TamperFlag[] {
  const texts = (text: string | null) => splitText(text ?? '').map((line) => line.text);
  const tagged = align(texts(before), texts(after));
  const removed = tagged.filter((line) => line.tag === '-').flatMap(({ text }) => [text, spellOut(text)]);
  const known = new Map<string, boolean>();
  /** Whether what is gone showed the same, looked at once for each question. */
  const wasThere = (name: string, shows: (old: string) => boolean): boolean => {
    const told = known.get(name) ?? removed.some(shows);
    known.set(name, told);
    return told;
  };
  const flags: TamperFlag[] = [];
  const added = tagged.flatMap(({ tag, text }) => (tag === '+' ? [spellOut(text)] : []));
  const kept = keptAnswers(added);
  const modules = new Set([...importedNames(after ?? ''), ...sharedNames(after ?? '')]);
  const around = isTestName(path) ? undefined : asksAround(path, after ?? '', added);
  let line = 0;
  for (const [place, { tag, text }] of tagged.entries()) {
    if (tag !== '-') line++;
    if (tag !== '+') continue;
    const plain = spellOut(text);
    for (const sign of signs) {
      if (sign.code && isTestName(path)) continue;
      const shows = (one: string) => sign.pattern.test(one);
      if (!(shows(text) || (plain !== text && shows(plain))) || wasThere(sign.flag + sign.message, shows)) continue;
      const next = tagged.slice(place, place + 8).filter((one) => one.tag !== '-');
      if (!sign.calm || !next.some((one) => sign.calm?.test(one.text))) flags.push({ path, line, flag: sign.flag, message: sign.message });
    }
    for (const { flag, message, names } of kept)
      if (choosing.test(plain) && names.some((name) => wordOf(name).test(plain))) flags.push({ path, line, flag, message });
    if (around?.(plain) && !wasThere('around', (old) => around(old)))
      flags.push({ path, line, flag: 'surroundings_asked', message: 'the code decides by where, when or how it runs' });
    if (reachesInto(plain, modules) && !wasThere('module', (old) => reachesInto(old, modules)))
      flags.push({ path, line, flag: 'module_changed', message: 'the code changes another module while it runs' });
  }
  const count = (lines: readonly string[]) => lines.filter((text) => assertion.test(text)).length;
  const lost = count(texts(before)) - count(texts(after));
  if (isTestName(path) && lost > 0)
    flags.push({ path, flag: 'assertion_removed', message: `${lost} ${lost === 1 ? 'assertion is' : 'assertions are'} gone` });
  return flags;
}

type Kept = { readonly flag: string; readonly message: string; readonly names: readonly string[] };

/** Names under which added lines keep what a sign is about, so that another line may decide by it. */
function keptAnswers(lines: readonly string[]): Kept[] {
  return signs.flatMap(({ flag, message, asked }) => {
    if (!asked) return [];
    const names = lines.flatMap((text) => {
      const [, left] = /^\s*(?:(?:const|let|var)\s+)?([\w$\s,:[\]{}]+?)\s*:?=(?![=>])/.exec(text) ?? [];
      return left !== undefined && asked.test(text) ? (left.match(/[A-Za-z_$][\w$]*/g) ?? []) : [];
    });
    return names.length > 0 ? [{ flag, message, names: [...new Set(names)] }] : [];
  });
}

const wordOf = (name: string) => new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`);

/** The same line with names that are put together, computed or cast as they would be written plainly. */
function spellOut(text: string): string {
  if (!/[[+]|getattr| as |globalThis/.test(text)) return text;
  return text
    .replace(/(['"`])([^'"`\\]*)\1(?:\s*\+\s*(['"`])([^'"`\\]*)\3)+/g, (all) => `'${all.replace(/['"`]\s*\+\s*['"`]|^['"`]|['"`]$/g, '')}'`)
    .replace(/\(([\w$.]+) as [\w.<>[\]]+\)/g, '$1')
    .replace(/(?<=[\w$\])])\??\.?\[\s*['"]([\w$]+)['"]\s*\]/g, '.$1')
    .replace(/\bgetattr\(([\w.]+),\s*['"](\w+)['"]\)/g, '$1.$2')
    .replace(/\bglobalThis\.(?=process\b)/g, '');
}
