import { expect, test } from 'vitest';
import { recorded } from '../../recordings.ts';
import { lay } from '../../world.ts';
import { readEnded } from '../ended.ts';

test('bun prints what its XML passes over: a file that cannot be loaded, an error between tests', async () => {
  const root = lay({ 'test/sum.test.js': '', 'test/broken.test.js': '' });
  const between = (file: string, error: string) =>
    `\n${file}:\n\n# Unhandled error between tests\n-------------------------------\n${error}\n-------------------------------\n`;
  const stderr =
    between('test/broken.test.js', "error: Cannot find module './gone.js' from 'broken.test.js'") +
    between('test/sum.test.js', 'error: late');
  const reading = await readEnded('bun test', root, { report: recorded('bun-1.4.xml'), stderr });
  expect(reading?.tests.slice(-2)).toMatchObject([
    {
      file: 'test/broken.test.js',
      names: ['<file>'],
      kind: 'load',
      errors: [{ message: "Cannot find module './gone.js' from 'broken.test.js'" }],
    },
    { file: 'test/sum.test.js', names: ['<outside any test>'] },
  ]);
});
