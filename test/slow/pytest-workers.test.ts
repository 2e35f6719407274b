import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { lay, look } from '../suite/world.ts';

const isThere = spawnSync('python3', ['-c', 'import pytest']).status === 0;

/** What pytest-xdist does where a worker dies in a test and the next one is given the same test, said to real hooks of pytest. */
const crew = `from _pytest.reports import TestReport
class Crew:
    shouldstop = False
    _summary_report = "maximum crashed workers reached: 2"
def pytest_configure(config):
    config.pluginmanager.register(Crew(), "dsession")
def pytest_runtestloop(session):
    for name in ("gw0", "gw1"):
        died = "worker '%s' crashed while running 'test_a.py::test_dies'" % name
        session.config.hook.pytest_runtest_logreport(report=TestReport("test_a.py::test_dies", ("test_a.py", None, ""), {}, "failed", died, "???"))
`;
const tests = `import pytest
@pytest.mark.xfail(strict=True)
def test_mended(): pass
`;

test.skipIf(!isThere)(
  'pytest: a test that kills its workers fails once, what never ran is said, and so is an unexpected pass',
  async () => {
    const root = lay({ 'pytest.ini': '[pytest]\n', 'conftest.py': crew, 'test_a.py': tests });
    const { run } = await look(root, { command: 'python3 -m pytest' });
    expect(run).toMatchObject({ outcome: 'red', collected: 2, failed: 2, complete: false });
    expect(run.note).toContain('stopped early (maximum crashed workers reached: 2)');
    expect(run.failures.find(({ name }) => name === 'test_dies')).toMatchObject({ kind: 'crash' });
    expect(run.failures.find(({ name }) => name === 'test_mended')?.message).toMatch(/^It was expected to fail and passed/);
  },
);
