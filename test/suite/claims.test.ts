import { expect, test } from 'vitest';
import { readClaims, readStop } from '../../src/suite/logs/claims.ts';

const failing = `
Process completed with exit code 1.
The process '/usr/bin/npm' failed with exit code 2
Bash exited with code '1'.
The command "npm test" exited with 1.
Done. Your build exited with 1.
script returned exit code 1
Exited with code exit status 1
🚨 Error: The command exited with status 1
cart-1 exited with code 1
ERROR: Job failed: exit code 1
ERROR: Job failed (system failure): pod was evicted
Job failed: execution took longer than 1h0m0s seconds
error Command failed with exit code 1.
error: script "test" exited with code 1
nox > Command pytest failed with exit code 1
ERROR: command finished with error: command (/builds/shop) npm run test exited (1)
exit status 1
[INFO] BUILD FAILURE
BUILD FAILED in 4s
FAILURE: Build failed with an exception.
** TEST FAILED **
Result: FAIL
Finished: FAILURE
Test Run Failed.
FAIL\texample.com/shop\t0.01s
FAILED | 2 passed | 0 failed (10ms)
> Task :core:test FAILED
Failed:    @acme/cart#test
  py311: FAIL code 1 (0.51 seconds)
     Errors  1 error
 Test Files  1 failed | 2 passed (3)
Test Suites: 1 failed, 2 passed, 3 total
  2 errors were not a part of any test, see above for details
0 examples, 0 failures, 1 error occurred outside of examples
  1 uncaught exception
ℹ cancelled 1
# Looks like your test exited with 2 just after 3.
Executed 5 of 10 DISCONNECTED (10.1 secs / 0 secs)
!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!!!!!!!
Jest: "global" coverage threshold for branches (90%) not met: 71.42%
ERROR: Coverage for lines (71%) does not meet global threshold (90%)
FAIL Required test coverage of 90% not reached. Total coverage: 71.42%
Coverage failure: total of 71 is less than fail-under=90
Line coverage (71.00%) is below the expected minimum coverage (90.00%).
npm ERR! Test failed.  See above for more details.
npm error code 1
 ELIFECYCLE  Test failed. See above for more details.
lerna ERR! npm run test exited 1 in '@acme/cart'
make: *** [Makefile:3: test] Error 1
make[1]: *** [test] Error 2
Script phpunit handling the test event returned with error code 1
error: test failed, to rerun pass \`--lib\`
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test
ImportError while loading conftest '/srv/shop/conftest.py'.
/bin/bash: line 1:  4242 Segmentation fault      (core dumped) ./run
Segmentation fault (core dumped)
Fatal Python error: Segmentation fault
src/a.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'.
test cases: 3 | 2 passed | 1 failed
1 scenario (1 failed)
3 scenarios passed, 1 failed, 0 skipped
2 tests, 1 passed, 1 failed
[         1 tests failed          ]
1 failures, 0 errors.
1 passed; 0 skipped; 1 failed.
 1/2 failed (3s)
FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
Vitest caught 1 unhandled error during the test run.
`;
const quiet = `
Process completed with exit code 0.
cart-1 exited with code 0
Job succeeded
  ✓ returns exit code 1 when a file is missing (2 ms)
ok 3 - the process exited with code 1
tests/test_cli.py::test_exit_code_2 PASSED
[INFO] BUILD SUCCESS
BUILD SUCCESSFUL in 4s
Test Files  3 passed (3)
Test Suites: 3 passed, 3 total
Snapshots:   0 total
ℹ fail 0
  0 failing
0 failed
test result: ok. 3 passed; 0 failed; 0 ignored
coverage: 81.2% of statements
All files | 90 | 80 | 100
Total coverage: 91.42%
Required test coverage of 90% reached. Total coverage: 91.42%
Tests run: 3, Failures: 0, Errors: 0, Skipped: 0
npm warn deprecated inflight@1.0.6
OK (expected failures=2)
test exits_with_status_1 ... ok
PASS test/killed.test.js
make: Nothing to be done for 'test'.
Result: PASS
Finished: SUCCESS
3 scenarios (3 passed)
3 scenarios passed, 0 failed, 0 skipped
2 tests, 2 passed, 0 failed
[         0 tests failed          ]
0 failures, 0 errors.
test cases: 3 | 3 passed
Build completed with 2 warnings
The build finished with 14 tests
`;

const linesOf = (text: string) => text.trim().split('\n');

test.each(linesOf(failing))('%s', (line) => {
  expect(readClaims([line])).toEqual([line.trim()]);
});

test.each(linesOf(quiet))('nothing is claimed by: %s', (line) => {
  expect(readClaims([line])).toEqual([]);
});

test.each([
  'Bailed out after 1 failure',
  'Bail out! no database',
  'Testing stopped early after 1 maximum allowed failures.',
  '!!!!!!!!!!!!!! stopping after 1 failures !!!!!!!!!!!!!!',
  '!!!!!!!! xdist.dsession.Interrupted: stopping after 1 failures !!!!!!!!',
  'Test Suites: 1 failed, 1 of 2 total',
  'warning: 3/5 tests were not run due to test failure',
])('%s: the rest never ran', (line) => {
  expect(readStop(['ok', line])).toBe(line);
});

test.each(['Test Suites: 2 of 2 total', 'Test Suites: 1 failed, 1 passed, 2 total', 'it stops after 1 failures'])(
  '%s is no stop',
  (line) => {
    expect(readStop([line])).toBeUndefined();
  },
);
