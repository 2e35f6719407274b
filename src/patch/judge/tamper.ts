import type { FileChange, TamperFlag } from '../../schema/patch.ts';
import type { Failure } from '../../schema/run.ts';
import { align } from '../place/reading.ts';
import { splitText } from '../place/text.ts';
import { isTestName } from './rules.ts';
import { signs } from './signs.ts';

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
  const around = failures.flatMap((failure) => literalsAround(failure, read));
  return changes.flatMap((change) => {
    const fresh = around.filter((value) => !holds(change.before ?? '', value));
    return flagsOf(change, [...literalsOf(failures), ...fresh]);
  });
}

function flagsOf({ path, before, after }: FileChange, literals: readonly string[]): TamperFlag[] {
  const texts = (text: string | null) => splitText(text ?? '').map((line) => line.text);
  const tagged = align(texts(before), texts(after));
  const removed = tagged.filter((line) => line.tag === '-').map((line) => line.text);
  const flags: TamperFlag[] = [];
  let line = 0;
  for (const [place, { tag, text }] of tagged.entries()) {
    if (tag !== '-') line++;
    if (tag !== '+') continue;
    for (const sign of signs) {
      if (!sign.pattern.test(text) || removed.some((old) => sign.pattern.test(old))) continue;
      const next = tagged.slice(place, place + 8).filter((one) => one.tag !== '-');
      if (!sign.calm || !next.some((one) => sign.calm?.test(one.text))) flags.push({ path, line, flag: sign.flag, message: sign.message });
    }
    const literal = literals.find((value) => holds(text, value));
    if (
      literal !== undefined &&
      /\b(?:if|elif|case|when|switch|return|===?|\?)\b|==|\?/.test(text) &&
      !removed.some((old) => holds(old, literal))
    ) {
      flags.push({
        path,
        line,
        flag: 'special_case',
        message: `the code names ${JSON.stringify(literal.slice(0, 60))}, a value of the failing test`,
      });
    }
  }
  const count = (lines: readonly string[]) => lines.filter((text) => assertion.test(text)).length;
  const lost = count(texts(before)) - count(texts(after));
  if (isTestName(path) && lost > 0)
    flags.push({ path, flag: 'assertion_removed', message: `${lost} ${lost === 1 ? 'assertion is' : 'assertions are'} gone` });
  return flags;
}

/** Values that the failing tests compare with, where they are telling enough to be recognised. */
function literalsOf(failures: readonly Failure[]): string[] {
  const values = failures.flatMap(({ expected }) =>
    expected === undefined ? [] : [expected.trim().replace(/^(['"`])([\s\S]*)\1$/, '$2')],
  );
  return [...new Set(values)].filter(
    (value) =>
      value.length >= 4 &&
      value.length <= 200 &&
      !value.includes('\n') &&
      !/^(?:true|false|null|undefined|None|nil|\[\]|\{\})$/.test(value),
  );
}

/** Long strings and numbers in the lines of a failing test. */
function literalsAround({ file, line }: Failure, read: (path: string) => string | undefined): string[] {
  if (file === undefined || line === undefined || !isTestName(file)) return [];
  const lines = (read(file) ?? '').split('\n').slice(Math.max(0, line - 12), line + 8);
  const found = lines.flatMap((text) =>
    [...text.matchAll(/(['"`])([^'"`\n]{6,80})\1|\b(\d{4,}(?:\.\d+)?)\b/g)].map((match) => match[2] ?? match[3] ?? ''),
  );
  return [...new Set(found)].filter((value) => !/^[./@]|^node:|^utf-?8$/i.test(value)).slice(0, 60);
}

function holds(text: string, value: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(value)
    ? new RegExp(`(?<![\\w.])${value.replace('.', '\\.')}(?![\\w.])`).test(text)
    : text.includes(value);
}
