/** Who may end with an exit code. A line begins with one of these, so that a test whose name speaks of exit codes says nothing. */
const subject = `^(?:🚨 |> |[\\w.-]+\\[\\d+\\] [A-Z] )?(?:${[
  '(?:the )?(?:process|job|step|command|script|task|test run|container|program|build)\\b.*',
  'error:? .*',
  '(?:bash|powershell|cmd\\.exe)',
  'nox > .*',
  'done\\. your build',
  'service .*',
  '[\\w.-]+-\\d+',
].join('|')}) ?`;
const ending = '(?:exit(?:ed)?|completed|failed|finished|returned|terminated)';
const notZero = '(?!0\\b)\\d+\\b';

/**
 * What a log says of a whole step, whatever its tests say: each a family of tools. The lines are bare (no stamp, no colour), and each
 * pattern takes a line from its start, because tests print, too.
 */
const families: Readonly<Record<string, readonly RegExp[]>> = {
  'an exit code': [
    new RegExp(`${subject}${ending}.*\\b(?:code|status)[ :='"(]*${notZero}`, 'i'),
    new RegExp(`${subject}${ending}(?: with)?[ (]+${notZero}\\)?\\.?$`, 'i'),
    /^(?:Process )?exit(?:ed)?(?: with)?(?: exit)? (?:code|status)[ :=]*(?:exit status )?(?!0\b)\d+\.?$/i,
    /^ERROR: Job failed\b|^(?:The )?[Jj]ob (?:has )?(?:failed|was cancell?ed)\b|^The operation was cancell?ed\b|^The runner has received a shutdown signal/,
    /^exit status (?!0\b)\d+$/,
  ],
  'a verdict': [
    /^(?:\[(?:INFO|ERROR)\] )?BUILD (?:FAILURE|FAILED)\b|^FAILURE: Build (?:failed|completed with)|^Build FAILED\.$|^\*\* (?:TEST|BUILD) FAILED \*\*$/,
    /^(?:Result|Finished|Overall|Status): ?(?:FAIL(?:ED|URE)?|UNSTABLE|ABORTED|failed)\b|^Test Run (?:Failed|Aborted)\.|^Test run summary: (?:Failed|Aborted|Zero)/,
    /^FAIL$|^FAIL\t\S+|^FAILED \|/,
    /^> Task \S+ FAILED$|^Execution failed for task |^Failed: {2,}\S+#\S+$|^Session \S+ failed\.?$|^ *\S+: FAIL(?: code \d+| ✖).*$|^evaluation failed :\(/,
    /^(?:FAIL|TIMEOUT|FLAKY): \/\/|^\/\/\S+ +(?:\(cached\) )?(?:FAILED|TIMEOUT|NO STATUS|INCOMPLETE|REMOTE FAILURE)\b|^Test suite \S+: FAIL$/,
    /^ {0,2}(?:NX|Lerna)\b.*(?:failed|failure)|^Test Suite Failed$|^FAIL! -- |^There were failing tests\b|^Failed tasks:$|^The following tests FAILED:$/,
  ],
  'a count': [
    /^\s*(?:Errors|Type Errors) {2,}[1-9]\d* |^\s*(?:Test Files|Test Suites:|Snapshots:?|Spec Files:|Files:?) +.*\b[1-9]\d* failed\b/,
    /^\s*[1-9]\d* errors? (?:was|were) not a part of any test|\b[1-9]\d* errors? occurred outside of examples/,
    /^\s*[1-9]\d* (?:uncaught exceptions?|unhandled rejections?|tests? remaining|interrupted|failing|failed)\b/,
    /^(?:ℹ|#) (?:fail|cancelled) [1-9]\d*$|^# Looks like (?:you failed|your test exited|you planned)|^# failed [1-9]/,
    /^(?:Executed|Ran) \d+ out of \d+ tests?: .*\b(?:fails?|timed? out|to build)\b|^(\d+) of (?!\1\b)\d+ (?:test|spec|suite)[^,;]* passed\.?$/,
    /^(?:[A-Z].*: )?Executed \d+ .*(?:\([1-9]\d* FAILED\)|DISCONNECTED|ERROR)|^\s*✖ +(?:[1-9]\d* of \d+ failed|[1-9]\d*\/\d+ targets failed)/,
    /^(?:test cases|assertions): +\d+ \|.*\b[1-9]\d* failed$|^\d+ (?:scenarios?|steps?) \(.*\b[1-9]\d* (?:failed|undefined|ambiguous)\b/,
    /^\d+ (?:features?|scenarios?|steps?|tests?) passed, [1-9]\d* failed\b|^\d+ tests?, \d+ passed, [1-9]\d* failed$|^\[ +[1-9]\d* tests failed +\]$/,
    /^[1-9]\d* failures?, \d+ errors?\.$|^\d+ failures?, [1-9]\d* errors?\.$|^\d+ passed; \d+ skipped; [1-9]\d* failed\.$|^ *[1-9]\d*\/\d+ failed \(/,
    /^!+ (?:Interrupted|stopping|KeyboardInterrupt|.*(?:Exit:|error))/,
  ],
  'a threshold': [
    /^(?:Jest: |ERROR: |FAIL |Error: |\[ERROR\] |> )?.*\bcoverage\b.*(?:not met|does(?: not|n't) meet|not reached|(?:is )?(?:below|less than|under) (?:the )?(?:\w+ )*(?:minimum|threshold|\d+|fail-under))/i,
  ],
  'a tool that gave up': [
    /^npm (?:ERR!|error)(?: |$)|^\s*(?:ELIFECYCLE|ERR_PNPM_\w+)\b|^lerna ERR!|^rake aborted!|^error: script "|^error Command failed/,
    /^g?make(?:\[\d+\])?: \*\*\* .*\bError \d+|^ninja: build stopped|^Script .* returned with error code/,
    /^error: (?:test failed|test run failed|could not compile|\d+ targets? failed|process didn't exit successfully|Test failed|Tests? failed)/,
    /^(?:\[ERROR\] )?Failed to execute goal |^\[error\] .*TestsFailedException|^lerna ERR!/,
    /^ ?Exception during run: |^INTERNALERROR>|^ImportError while loading conftest|^ERROR: (?:file or directory not found|usage|InvocationError|not found)|^Traceback .*pytest/,
    /^(?:.*: line \d+: +\d+ )?(?:Segmentation fault|Bus error|Killed|Aborted|Terminated)\b(?: +\(core dumped\))?(?: .*)?$|^(?:<--- )?FATAL ERROR: |^fatal error: (?:all goroutines|runtime)/,
    /^Fatal Python error: |^PHP (?:Fatal|Parse) error: |^\S+\(\d+,\d+\): error TS\d+: |^Found [1-9]\d* errors? in \S/,
    /^(?:Vitest caught|⎯+ Unhandled)|^(?:\[ERROR\] )?The forked VM terminated|^The active test run was aborted|^Crashed tests:/,
  ],
};

/** Nothing comes after the summary of a run that went well, so an error there is one of the run. In the middle a test may print one. */
const atEnd = /^(?:\[?error\]?|fatal|[A-Z]\w*Error|Unhandled \w+)(?: \[?\w+\]?)?: |^Error in |^panic: /i;
const lastLines = 5;

/** A test that passed may bear any name. */
const passing = /^\s*(?:[✓✔√·»-]|(?:ok|PASS|test(?! cases: )|\(pass\))\b|\S*::\S* PASSED)/;
const most = 3;

/** Lines of a log that say that something failed, the first of each family and three at most; empty where nothing does. */
export function readClaims(lines: readonly string[]): string[] {
  const short = lines.filter((line) => line.length < 1_000 && !passing.test(line));
  const found = Object.values(families).flatMap((shapes) => short.find((line) => shapes.some((shape) => shape.test(line))) ?? []);
  const last = short.filter((line) => line.trim() !== '').slice(-lastLines);
  found.push(...last.filter((line) => atEnd.test(line)).slice(0, 1));
  return [...new Set(found.map((line) => line.trim()))].slice(0, most);
}

/** Where a runner says that it ended at a failure, and left the rest undone. */
const stops = [
  /^Bailed out after \d+ failures?\b|^Bail out!|^\s*Testing stopped early after \d+|^!+ (?:\S+: )?(?:stopping|Interrupted: stopping) after \d+ failures? !+$/,
  /^Test Suites: .*\b(\d+) of (?!\1\b)\d+ total$|^warning: \d+\/\d+ tests were not run due to test failure|^ {2}Cancelling due to .* failure/,
];

/** The line of a log that says that tests were left out because one failed. */
export function readStop(lines: readonly string[]): string | undefined {
  return lines.find((line) => line.length < 1_000 && stops.some((stop) => stop.test(line)))?.trim();
}
