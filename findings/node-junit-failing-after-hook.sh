#!/usr/bin/env bash
# node:test of Node 26.10.0 (npm package node): an after hook of a suite that throws is nowhere in the JUnit report, and counted nowhere.
#
# Seen: the run ends with exit code 1; the XML says failures="0" for the suite, its one test stands as passed, and the totals that every
# built-in reporter prints say "fail 0". Only the TAP reporter tells of it: "not ok 1 - orders" with failureType 'hookFailed'. Whoever
# reads the XML or the totals takes a red run for a green one; a reporter of one's own gets the suite's test:fail event.
#
# Run: bash findings/node-junit-failing-after-hook.sh   (needs npm and its registry; ends with 0 where Node still behaves so)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact node@26.10.0
cat >orders.test.mjs <<'JS'
import { after, describe, test } from 'node:test';
describe('orders', () => {
  after(() => {
    throw new Error('cannot close');
  });
  test('adds', () => {});
});
JS

run() {
  local code=0
  node_modules/.bin/node --test --test-reporter="$1" orders.test.mjs >"$1.txt" 2>&1 || code=$?
  echo "$code"
}
changed() {
  echo "No longer so: $1" >&2
  cat ./*.txt >&2
  exit 1
}
[ "$(run junit)" = 1 ] || changed 'the exit code with the JUnit reporter'
[ "$(run tap)" = 1 ] || changed 'the exit code with the TAP reporter'
grep -Eq '<testsuite name="orders".* tests="1" failures="0"' junit.txt || changed 'the suite counts a failure'
grep -Eq '<testcase name="adds" [^>]*/>' junit.txt || changed 'the test does not stand as passed'
grep -q '<!-- fail 0 -->' junit.txt || changed 'the totals count a failure'
grep -q '^not ok 1 - orders' tap.txt || changed 'TAP does not tell of the suite'
grep -q "failureType: 'hookFailed'" tap.txt || changed 'TAP gives another reason'
grep -q '^# fail 0' tap.txt || changed 'the totals of TAP count a failure'
grep -q 'cannot close' junit.txt && changed 'the JUnit report holds the message'
echo 'node 26.10.0: exit code 1, failures="0" and "fail 0" for an after hook that throws; TAP alone says not ok'
