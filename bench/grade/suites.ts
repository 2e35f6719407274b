import { createContext, Script } from 'node:vm';
import { z } from 'zod';
import type { Failure, TestRun } from '../../src/schema/run.ts';
import type { Program, Random } from './programs.ts';

/** Inputs and what the right program gives for each, as text. */
export type Suite = { readonly name: string; readonly inputs: readonly (readonly unknown[])[]; readonly wanted: readonly string[] };

export const testFile = 'test/program.test.js';
export const sourceFile = 'src/program.js';
const Outcomes = z.array(z.string());
const context = createContext({});
const mostMs = 60;

/** What a program gives for each input, as text; nothing where it cannot be loaded, `endless` where it does not end. */
export function outcomesOf(source: string, inputs: Suite['inputs']): readonly string[] {
  const name = /function (\w+)/.exec(source)?.[1] ?? '';
  const text = `(() => { ${source}
    return JSON.stringify(${JSON.stringify(inputs)}.map((given) => {
      try { return String(JSON.stringify(${name}(...given))); } catch (error) { return 'throws ' + (error instanceof RangeError || error instanceof SyntaxError ? error.message : error.name); }
    })); })()`;
  try {
    return Outcomes.parse(JSON.parse(String(new Script(text).runInContext(context, { timeout: mostMs }))));
  } catch (error) {
    return error instanceof SyntaxError ? [] : inputs.map(() => 'endless');
  }
}

/** How carefully people test: all edges and more, most of them, or a few. */
export function suitesOf(program: Program, random: Random): Suite[] {
  const some = (share: number) => program.edges.filter(() => random.int(1, 100) <= share);
  const more = (count: number) => Array.from({ length: count }, () => program.inputs(random));
  const kinds: readonly (readonly [string, Suite['inputs']])[] = [
    ['careful', [...program.edges, ...more(8)]],
    ['usual', [...some(80), ...more(5)]],
    ['poor', [...some(30), ...more(2)]],
  ];
  return kinds.map(([name, inputs]) => ({ name, inputs, wanted: outcomesOf(program.source, inputs) }));
}

const idOf = (at: number) => `${testFile}::case ${at + 1}`;

/** One run of the suite, as a runner would tell it. */
export function runSuite({ inputs, wanted }: Suite, source: string): TestRun {
  const given = outcomesOf(source, inputs);
  const loads = given.length === inputs.length;
  const endless = given.includes('endless');
  const failures = inputs.flatMap((_input, at): Failure[] =>
    loads && given[at] === wanted[at]
      ? []
      : [
          {
            id: loads ? idOf(at) : `${testFile}::<file>`,
            name: loads ? `case ${at + 1}` : '<file>',
            file: testFile,
            line: at + 1,
            kind: loads ? 'assertion' : 'load',
            message: `${given[at]} is not ${wanted[at]}`,
            frames: [],
            expected: wanted[at],
            actual: given[at],
          },
        ],
  );
  const red = new Set(failures.map(({ id }) => id));
  return {
    runner: 'node:test',
    command: [],
    cwd: '',
    why: '',
    outcome: endless ? 'timeout' : failures.length > 0 ? 'red' : 'green',
    exitCode: failures.length > 0 ? 1 : 0,
    durationMs: 1,
    collected: inputs.length,
    passed: inputs.length - red.size,
    failed: red.size,
    skipped: 0,
    rerun: true,
    complete: true,
    output: '',
    tests: loads
      ? inputs.map((_input, at) => ({
          id: idOf(at),
          name: `case ${at + 1}`,
          file: testFile,
          status: red.has(idOf(at)) ? 'failed' : 'passed',
        }))
      : [],
    failures: loads ? failures : failures.slice(0, 1),
  };
}

/** The text of the tests, for whoever reads which values they name. */
export function textOf({ inputs, wanted }: Suite, source: string): string {
  const name = /function (\w+)/.exec(source)?.[1] ?? '';
  return inputs
    .map(
      (given, at) =>
        `test('case ${at + 1}', () => assert.deepEqual(${name}(${given.map((one) => JSON.stringify(one)).join(', ')}), ${wanted[at]}));`,
    )
    .join('\n');
}
