import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeMeter } from '../../src/coverage/coverage.ts';
import { rangesOf } from '../../src/coverage/reached.ts';

const open = (runner: string, target: string, env = {}, cwd = '') => {
  const root = mkdtempSync(join(tmpdir(), 'meter-'));
  const folder = join(root, 'left');
  const suite = { runner, argv: [runner], cwd, env: {}, why: '' };
  return { root, folder, meter: makeMeter({ suite, root, target, folder, env }) };
};

test('go: a profile gives lines of the target alone, whichever test ran them, beside the flags that the user has', () => {
  const { folder, meter } = open('go test', 'mod/price/price.go', { GOFLAGS: '-mod=mod' }, 'mod');
  expect(meter?.suite.env.GOFLAGS).toBe(`-mod=mod -coverprofile=${join(folder, 'go.out')} -coverpkg=./price`);
  const text = 'package price\n\nfunc A(n int) int {\n\tif n > 1 {\n\t\treturn 2\n\t}\n\treturn 1\n}\n';
  expect(meter?.read(text)).toBeUndefined();
  const blocks = [
    'price.go:3.19,4.11 1 1',
    'price.go:4.11,6.3 1 0',
    'price.go:7.2,7.10 1 0',
    'other.go:5.1,5.9 1 1',
    'price.go:7.2,7.10 1 3',
  ];
  writeFileSync(join(folder, 'go.out'), `mode: set\n${blocks.map((one) => `example.com/mod/price/${one}`).join('\n')}\n`);
  expect(meter?.read(text)).toEqual({ ran: new Set([3, 4, 7]), known: new Set([3, 4, 5, 7]) });
  meter?.clear();
  expect(meter?.read(text)).toBeUndefined();
  expect(open('go test', 'elsewhere/a.go', {}, 'mod').meter).toBeUndefined();
});

test('jest and vitest: their own JSON; vitest only where a provider is installed', () => {
  const { folder, meter } = open('jest', 'src/a.ts');
  expect(meter?.suite).toMatchObject({ measured: true, argv: expect.arrayContaining([`--coverageDirectory=${folder}`]) });
  const entry = { path: '/w/src/a.ts', statementMap: { 0: { start: { line: 1 } }, 1: { start: { line: 4 } } }, s: { 0: 2, 1: 0 } };
  writeFileSync(join(folder, 'coverage-final.json'), JSON.stringify({ a: entry, b: { ...entry, path: '/w/other/b.ts' } }));
  expect(meter?.read('')).toEqual({ ran: new Set([1]), known: new Set([1, 4]) });
  writeFileSync(join(folder, 'coverage-final.json'), '{cut');
  expect(meter?.read('')).toBeUndefined();
  const { root, meter: none } = open('vitest', 'src/a.ts');
  expect(none).toBeUndefined();
  mkdirSync(join(root, 'node_modules/@vitest/coverage-v8'), { recursive: true });
  const suite = { runner: 'vitest', argv: ['vitest'], cwd: '', env: {}, why: '' };
  expect(makeMeter({ suite, root, target: 'src/a.ts', folder, env: {} })?.suite.argv).toContain('--coverage.provider=v8');
});

test('python: what lost its trace function is unknown; a runner without a way is not measured', () => {
  const { folder, meter } = open('pytest', 'a.py');
  writeFileSync(join(folder, '1.lines'), 'of 1\nof 2\n1\nlost\n');
  expect(meter?.read('')).toBeUndefined();
  writeFileSync(join(folder, '2.lines'), 'of 1\nof 2\n1\n2\n');
  expect(meter?.read('')).toEqual({ ran: new Set([1, 2]), known: new Set([1, 2]) });
  expect(open('rspec', 'a.rb').meter).toBeUndefined();
});

test('lines are said as ranges, and how many more there are', () => {
  expect(rangesOf([9, 1, 2, 3, 5])).toBe('1-3, 5, 9');
  expect(rangesOf([1, 3, 5], 2)).toBe('1, 3 and 1 ranges more');
});
