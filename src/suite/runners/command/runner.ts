import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { readLogLines } from '../../logs/lines.ts';
import { readLogShapes } from '../../logs/shapes.ts';
import { condense } from '../../output-text.ts';
import { readRecords } from '../../reports/records.ts';
import { readAnyTap } from '../../reports/tap-tests.ts';
import { tapLine } from '../../reports/tap-tree.ts';
import { type Ended, nothingRead, type Reading, type Runner, type Start, type Started } from '../../runner.ts';
import { freshTools } from '../../workspace-tools.ts';
import jasmineReporter from '../jasmine/reporter.cjs?raw';
import jestReporter from '../jest/reporter.cjs?raw';
import mochaReporter from '../mocha/reporter.cjs?raw';
import nodeTestReporter from '../node-test/reporter.mjs?raw';
import { freshReport, writePlugin } from '../plugin.ts';
import { pytestFlags, writePytestPlugin } from '../pytest/runner.ts';
import { writeReporter } from '../vitest/runner.ts';
import hook from './hook.cjs?raw';

/**
 * A command that starts its runner out of our sight (a script, make, turbo). Our reporters are offered by environment to whatever it
 * starts; else TAP on stdout is read. A command that leaves neither has no readable result and is never green.
 */
export const command: Runner = { name: 'command', owns: () => false, start: offer, read: readAny };

async function offer({ suite, scratch, env }: Start): Promise<Started> {
  const report = freshReport(scratch, 'jsonl');
  const plugin = async (name: string, source: string) => (await writePlugin(scratch, name, source, { report })).path;
  const nodeTest = await plugin('node-test-reporter.mjs', nodeTestReporter);
  const paths = {
    jest: await plugin('jest-reporter.cjs', jestReporter),
    mocha: await plugin('mocha-reporter.cjs', mochaReporter),
    jasmine: await plugin('jasmine-reporter.cjs', jasmineReporter),
  };
  const args = {
    jest: [`--reporters=${paths.jest}`, '--ci', '--watchAll=false'],
    mocha: ['--reporter', paths.mocha],
    jasmine: [`--reporter=${paths.jasmine}`],
    vitest: [`--reporter=${(await writeReporter(scratch, { report })).path}`, '--run'],
  };
  const hookPath = join(scratch, 'hook.cjs');
  await writeFile(hookPath, hook);
  await writeFile(join(scratch, 'hook.json'), JSON.stringify({ args, paths }));
  await writePytestPlugin(scratch, { report });
  const node = [`--require=${hookPath}`, `--test-reporter=${nodeTest}`, '--test-reporter-destination=stdout'];
  return {
    argv: suite.argv,
    report,
    readsStdout: true,
    env: {
      NODE_OPTIONS: [env.NODE_OPTIONS, ...(/\s/.test(scratch) ? [] : node)].filter(Boolean).join(' '),
      PYTEST_ADDOPTS: [env.PYTEST_ADDOPTS, ...pytestFlags(scratch)].filter(Boolean).join(' '),
      PYTHONPATH: [scratch, env.PYTHONPATH].filter(Boolean).join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
      ...(suite.script && freshTools),
    },
  };
}

function readAny({ report, stdout, stderr, folder }: Ended): Reading {
  if (report) return readRecords(report);
  const printed = condense(stdout, tapLine);
  if (/^(?:TAP version \d+|1\.\.\d+|(?:not )?ok \d+)/m.test(printed)) {
    return readAnyTap(printed, folder);
  }
  // Text names what failed and never what passed: good enough for red, not for green.
  const tests = readLogShapes(readLogLines(`${printed}\n${stderr}`)).flatMap((shape) => shape.tests);
  return tests.length > 0
    ? { tests, complete: false, note: 'Read from the text of the output: only failures are known by name.' }
    : nothingRead;
}
