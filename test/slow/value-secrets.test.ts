import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linesOf, oddityOf } from '../../src/cause/describe-values.ts';
import { hiding } from '../../src/cause/hiding.ts';
import { type Call, limits } from '../../src/coverage/call.ts';
import { makeRedactor } from '../../src/safety/redact/redact.ts';
import { genericKinds, namedKinds, shapedKinds } from '../safety/corpus-kinds.ts';
import { fill, seeded } from '../safety/random.ts';
import { lay } from '../suite/world.ts';

const has = (...argv: string[]) => spawnSync(argv[0] ?? '', argv.slice(1)).status === 0;
const inside = join(import.meta.dirname, '../../src/coverage/inside');
const redactor = makeRedactor({ key: Buffer.alloc(32, 7), exact: [] });
const hide = (text: string) => redactor.redact(text).text;

const random = seeded(18);
const kinds = [...shapedKinds.map((line) => `option ${line.split(' ').slice(1).join(' ')}`), ...namedKinds, ...genericKinds];
/** A name and a value that is secret by its shape or by that name, as it stands in the memory of a program. */
const secrets = Array.from({ length: 1_000 }, (_, at) => {
  const [name = '', template = ''] = (kinds[at % kinds.length] ?? '').split(' ');
  return { name: name.toLowerCase().replace(/[^a-z0-9]+/g, '_'), value: fill(random, template).replace(/[«»]/g, '') };
});

/** Places of a call that can hold a value: the argument, a member of one, what it gave, what it threw, its object; two of them for each secret. */
function callsOf(text: string): Call[] {
  const lines: string[][] = JSON.parse(text);
  expect(lines).toHaveLength(secrets.length);
  return lines.flatMap(([plain = '', member = '', error = ''], at) => {
    const { name = '' } = secrets[at] ?? {};
    const place = { path: 'src/a.js', line: at + 1, depth: 1 };
    const calls: Call[] = [
      {
        ...place,
        name: `open${at}`,
        args: [
          ['n', '1'],
          [name, plain],
        ],
        gave: '1',
      },
      { ...place, name: `connect${at}`, args: [['options', member]], gave: member },
      { ...place, name: `get_${name}`, args: [['n', String(at)]], gave: plain },
      { ...place, name: `Client.go${at}`, args: [], gave: 'undefined', self: member },
      { ...place, name: `check${at}`, args: [], threw: error },
      // Without a name of its own, but another call tells what it is.
      { ...place, name: `same${at}`, args: [['x', plain]], gave: plain },
    ];
    const [one = calls[0], two = calls[1]] =
      at % 3 === 0 ? [calls[0], calls[5]] : at % 3 === 1 ? [calls[1], calls[2]] : [calls[3], calls[4]];
    return [one, two].filter((call) => call !== undefined);
  });
}

function shown(calls: readonly Call[]): string {
  const safe = hiding(calls, hide);
  const all = calls.map(safe);
  const divergences = all.map((call, at) => oddityOf({ call, mate: all[at - 1], others: [all[at + 1] ?? call], why: '', score: 0 }));
  return `${JSON.stringify(divergences)}\n${linesOf({ values: { against: 'a', divergences } }, divergences.length).join('\n')}`;
}

const leaked = (text: string) =>
  secrets
    .filter(({ value }) => [value, JSON.stringify(value).slice(1, -1)].some((one) => text.includes(one)))
    .map(({ name, value }) => `${name} ${value}`);

test('1,000 secrets in values of Node: none is shown', () => {
  const root = lay({ 'secrets.json': JSON.stringify(secrets), 'given.json': JSON.stringify(limits) });
  copyFileSync(join(inside, 'show.cjs'), join(root, 'show.cjs'));
  const program = `const { tell } = require('./show.cjs');
console.log(JSON.stringify(require('./secrets.json').map(({ name, value }) => [tell(value), tell({ url: 'a', [name]: value }), tell(new Error(name + '=' + value))])));`;
  const said = execFileSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' });
  expect(leaked(shown(callsOf(said)))).toEqual([]);
});

test.skipIf(!has('python3', '-V'))('1,000 secrets in values of Python: none is shown', () => {
  const root = lay({ 'secrets.json': JSON.stringify(secrets) });
  mkdirSync(join(root, 'plugin'));
  writeFileSync(join(root, 'plugin/given.json'), JSON.stringify({ ...limits, roots: [], skip: [], out: root }));
  copyFileSync(join(inside, 'values.py'), join(root, 'plugin/values.py'));
  const program = `import json, sys
sys.path.insert(0, 'plugin')
from values import _tell as tell
print(json.dumps([[tell(one['value']), tell({'url': 'a', one['name']: one['value']}), tell(ValueError('%s=%s' % (one['name'], one['value'])))] for one in json.load(open('secrets.json'))]))`;
  const said = execFileSync('python3', ['-c', program], { cwd: root, encoding: 'utf8' });
  expect(leaked(shown(callsOf(said)))).toEqual([]);
});
