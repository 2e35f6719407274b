import { extname } from 'node:path';
import type { FileChange, TamperFlag } from '../schema/patch.ts';

const asserting =
  /\b(?:expect|assert\w*|should|require\.\w+|raises|pytest\.(?:raises|fail)|throw\s+new|raise\s+AssertionError|panic\(|t\.(?:is|deepEqual|true|false|throws\w*|Error\w*|Fatal\w*))\b|\.should\b|\bassert[.!]/;
/** An assertion, or all of them, made another. */
const replacing =
  /(?:^|[\s;{(])(?:assert|expect|chai|should|pytest|unittest|TestCase|self\.assert\w*)(?:\.\w+)*\.\w+\s*=(?![=>])|\bsetattr\(\s*(?:pytest|unittest|self)\b|\bObject\.assign\(\s*(?:assert|expect|chai)\b/;
/** True of almost anything. */
const vague =
  /\.(?:toBeDefined|toBeTruthy|not\.toBeNull|not\.toBeUndefined|toBeInstanceOf)\s*\(|\bassert(?:\.ok)?\s*\(\s*[\w.]+\s*\)\s*;?\s*$|\bassert\s+[\w.]+\s*$|\bassert\s.*\bis\s+not\s+None\s*$|\b(?:assertIsNotNone|assertTrue|assertNotNil|NotNil|assertNotNull|assertIsInstance|isinstance|doesNotThrow|doesNotReject|doesNotRaise|NotPanics)\s*\(|\bnot\.to(?:Throw|\.throw)\b|!==?\s*(?:null|undefined)\b|\bnot(?:Strict|Deep|DeepStrict)?Equal\s*\(.*,\s*(?:null|undefined)\s*\)|\btypeof\b.*['"](?:number|string|object|function|boolean|undefined)['"]|\btype\(.*\)\s*(?:is|==)\s*\w+\s*$/;

/** The time of now, what differs between machines, lots that are drawn, and calls that leave the machine. */
const now =
  /\bnew Date\(\)|\b(?:Date|performance|clock)\.now\(\)|\bprocess\.hrtime\b|\btime\.(?:time|perf_counter|monotonic)\(\)|\b(?:date|datetime)\.(?:now|today|utcnow)\(|\btime\.(?:Now|Since)\(/;
const machine =
  /\bos\.(?:hostname|userInfo|platform|arch|release|cpus|homedir|uname|getlogin|Hostname|Getwd)\(|\bprocess\.(?:platform|arch|version|pid|cwd)\b|\b(?:socket\.gethostname|getpass\.getuser|platform\.(?:node|system|machine))\(|\bsys\.(?:platform|version(?:_info)?)\b|\bruntime\.(?:GOOS|GOARCH|NumCPU)\b/;
const lots =
  /\bMath\.random\(|\brandom\.(?:random|randint|uniform|choices?|shuffle|sample)\(|\brand\.(?:Intn?|Float64|Perm)\(|\brandomInt\(/;
const network =
  /\b(?:fetch|axios(?:\.\w+)?|got|https?\.(?:get|request)|requests\.\w+|httpx\.\w+|urlopen|http\.(?:Get|Post|Head))\(\s*f?['"`]https?:\/\/(?!localhost\b|127\.|\[::1\]|0\.0\.0\.0)/;
/** What sets the clock, the seed or the answers. */
const held =
  /\b(?:use_?fake_?timers|setSystemTime|timers\.enable|freeze_?time|time_machine|random\.seed|rand\.New(?:Source)?|nock|msw|setupServer|responses|respx|httpx_mock|requests_mock|MockAgent|stubGlobal|spyOn|mock\.method|monkeypatch|patch)\b/i;
const equals = /\b(?:\w*[eE]qual\w*|toBe)\s*\(|===?/;
const less = /[<>]|\b(?:toBeLess|toBeGreater|assertLess|assertGreater)/;

/** Whose outcome hangs on when, where or with which luck the tests run. */
function chancy(fresh: readonly string[], asserts: readonly string[]): string | undefined {
  if (fresh.some((line) => held.test(line))) return undefined;
  // What a clock told, by the name that it was given.
  const told = fresh.flatMap((line) => (now.test(line) ? (/(\w+)\s*:?=(?![=>])/.exec(line)?.[1] ?? []) : []));
  const ofClock = (line: string) => now.test(line) || told.some((name) => new RegExp(`\\b${name}\\b`).test(line));
  const spans = (line: string) => ofClock(line) && less.test(line) && (/-|Since/.test(line) || told.length > 1);
  if (asserts.some(spans)) return 'assert how long something takes';
  if (asserts.some((line) => now.test(line) && equals.test(line))) return 'assert by the clock of now';
  if (asserts.some((line) => machine.test(line))) return 'assert what holds on this machine';
  if (fresh.some((line) => lots.test(line))) return 'draw lots, without a seed';
  return fresh.some((line) => network.test(line)) ? 'ask the network' : undefined;
}

/** What speaks against tests that are kept all the same. `noticed`: of the mutants, how many made tests fail, and how many an assertion. */
export function weaknesses(
  changes: readonly FileChange[],
  noticed: { readonly mutants: number; readonly killed: number; readonly asserted: number; readonly today: Date },
): TamperFlag[] {
  const found = changes.flatMap(({ path, before, after }) => {
    const known = new Set(before?.split('\n'));
    const fresh = (after ?? '').split('\n').filter((line) => !known.has(line) && !/^\s*(?:import|from|const .*require\()/.test(line));
    const asserts = fresh.filter((line) => asserting.test(line));
    const weak = (message: string) => [{ path, flag: 'weak_test', message }];
    if (extname(path) === '.snap') return [];
    if (asserts.length === 0) return weak('the new tests assert nothing');
    if (fresh.some((line) => replacing.test(line))) return weak('the new tests replace what assertions do');
    const [day = ''] = noticed.today.toISOString().split('T');
    if (fresh.some((line) => line.includes(day))) return weak(`the new tests name the day of today, ${day}`);
    const chance = chancy(fresh, asserts);
    if (chance !== undefined) return weak(`the new tests ${chance}`);
    return asserts.every((line) => vague.test(line)) ? weak('the new tests assert only that something is there') : [];
  });
  const { mutants, killed, asserted } = noticed;
  const [first] = changes;
  // One mutant that throws may be the only one that there was.
  if (found.length > 0 || !first || killed === 0 || asserted > 0 || (killed === mutants && mutants < 2)) return found;
  return [{ path: first.path, flag: 'weak_test', message: 'no assertion notices a mutant: all that makes the new tests fail are errors' }];
}
