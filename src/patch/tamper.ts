import type { FileChange, TamperFlag } from '../schema/patch.ts';
import type { Failure } from '../schema/run.ts';
import { align } from './reading.ts';
import { isTestName } from './rules.ts';
import { splitText } from './text.ts';

type Sign = { readonly flag: string; readonly message: string; readonly pattern: RegExp; readonly tests?: boolean };

const signs: readonly Sign[] = [
  {
    flag: 'skip_added',
    message: 'a test is skipped, or is the only one to run',
    pattern:
      /\b(?:it|test|describe|context|suite)\.(?:skip|todo|only|fails|failing)\b|\b(?:xit|xdescribe|xtest|fdescribe|fit)\s*\(|\bskip:\s*(?:true|['"`])|@pytest\.mark\.(?:skip|xfail)|\bpytest\.(?:skip|xfail|importorskip)\s*\(|@unittest\.(?:skip|expectedFailure)|\bself\.skipTest\(|\bt\.Skip(?:f|Now)?\(|\bthis\.skip\(\)/,
  },
  {
    flag: 'sleep_added',
    message: 'the program waits for a fixed time',
    pattern:
      /\btime\.[sS]leep\(|\basyncio\.sleep\(|\bsetTimeout\(\s*(?:resolve|r|done|res)\b|\bsleep\(\s*\d|\bThread\.sleep\(|\bAtomics\.wait\(/,
  },
  {
    flag: 'catch_all',
    message: 'every error is swallowed',
    pattern:
      /\bcatch\s*(?:\([^)]*\))?\s*\{\s*(?:\/\/.*|\/\*.*\*\/)?\s*\}|^\s*except(?:\s+(?:Base)?Exception)?(?:\s+as\s+\w+)?\s*:\s*(?:pass|\.\.\.)?\s*$|\.catch\(\s*\(?\w*\)?\s*=>\s*(?:\{\s*\}|undefined|null|void 0)\s*\)|\bcontextlib\.suppress\((?:Base)?Exception\)|\brecover\(\)/,
  },
  {
    flag: 'test_detection',
    message: 'the code asks whether tests are running',
    pattern:
      /\bNODE_ENV\b.{0,12}['"]test['"]|\bprocess\.env\.(?:VITEST|JEST_WORKER_ID|NODE_TEST_CONTEXT|MOCHA_\w+|CI)\b|\bimport\.meta\.(?:vitest|env\.MODE)\b|\bPYTEST_(?:CURRENT_TEST|VERSION)\b|['"]pytest['"]\s+in\s+sys\.modules|\btesting\.Testing\(\)|\bflag\.Lookup\(['"]test\.|os\.Args\[0\].*\.test/,
  },
  {
    flag: 'silenced',
    message: 'a check is switched off',
    pattern: /@ts-(?:ignore|nocheck)|eslint-disable|#\s*type:\s*ignore|#\s*noqa|\/\/\s*nolint|biome-ignore/,
  },
  { flag: 'exit_added', message: 'the process ends itself', pattern: /\bprocess\.exit\(|\bos\._exit\(|\bsys\.exit\(|\bos\.Exit\(/ },
];

const assertion =
  /\b(?:expect|assert(?:\.\w+)?|should|require\.\w+|self\.assert\w+|t\.(?:Error|Fatal|Errorf|Fatalf|is|deepEqual|true|false|throws))\s*\(|^\s*assert\s|\.should\b/;

/** What in a patch smells of cheating, with the line in the new file. Reported, never refused: each has honest uses. */
export function tamperFlags(changes: readonly FileChange[], failures: readonly Failure[]): TamperFlag[] {
  const literals = literalsOf(failures);
  return changes.flatMap((change) => flagsOf(change, literals));
}

function flagsOf({ path, before, after }: FileChange, literals: readonly string[]): TamperFlag[] {
  const texts = (text: string | null) => splitText(text ?? '').map((line) => line.text);
  const tagged = align(texts(before), texts(after));
  const removed = tagged.filter((line) => line.tag === '-').map((line) => line.text);
  const flags: TamperFlag[] = [];
  let line = 0;
  for (const { tag, text } of tagged) {
    if (tag !== '-') line++;
    if (tag !== '+') continue;
    for (const sign of signs) {
      if (sign.pattern.test(text) && !removed.some((old) => sign.pattern.test(old)))
        flags.push({ path, line, flag: sign.flag, message: sign.message });
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

function holds(text: string, value: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(value)
    ? new RegExp(`(?<![\\w.])${value.replace('.', '\\.')}(?![\\w.])`).test(text)
    : text.includes(value);
}
