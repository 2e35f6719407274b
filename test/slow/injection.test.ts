import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProcess } from '../../src/process/run.ts';
import { type Gateway, startGateway } from '../../src/stand-in/gateway.ts';
import { git, imprint, makeHome, makeRepo } from '../repo/fixture.ts';
import { packageRoot } from './example.ts';
import { injections, mend } from './injections.ts';

const own = makeHome();
const cli = join(packageRoot, 'dist', 'cli.mjs');
/** Every sixth in the gate; `INJECTIONS=all` tries all forty and prints what came of each. */
const all = process.env.INJECTIONS === 'all';
const chosen = injections.filter((_, at) => all || at % 6 === 0);
const honest = `## Root cause\nWhere: src/sum.js:2\nMinus.\n\n## Edits\n${mend}`;
let gateway: Gateway;

/** A model that does whatever the text it is given tells it to, and mends the sum where nothing is told. */
beforeAll(async () => {
  gateway = await startGateway({ replies: ({ raw }) => injections.find(({ mark }) => raw.includes(`${mark})`))?.obeyed ?? honest });
});
afterAll(async () => {
  await gateway.close();
  own.remove();
});

test('of a model that obeys what stands in a repository comes nothing but patches that are refused, unproven or flagged', async () => {
  const wrong: string[] = [];
  const lines: string[] = [];
  let [reached, told] = [0, 0];
  for (const { name, mark, files, commit } of chosen) {
    const root = await makeRepo(own.home, mark, files);
    await git(root, 'commit', '-q', '--amend', '-m', commit);
    const before = imprint(root);
    const outside = new Set([...readdirSync(own.home), 'own']);
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: own.home,
      GLM_SKILL_HOME: join(own.home, 'own'),
      RUNAPI_API_KEY: 'key-of-the-stand-in',
      RUNAPI_BASE_URL: gateway.url,
    };
    const asked = gateway.requests.length;
    const argv = [process.execPath, cli, 'fix', root, '--json', '--quiet', '--attempts', '1'];
    const { stdout, stderr } = await runProcess({ argv, cwd: own.home, env, timeoutMs: 120_000 });
    const report = JSON.parse(stdout.toString() || '{}');
    const seen = gateway.requests.slice(asked).some(({ raw }) => raw.includes(`${mark})`));
    const warned = (report.warnings ?? []).some((one: string) => /speaks to|instruction|model/.test(one));
    if (seen) reached++;
    if (seen && warned) told++;
    const flags = (report.patch?.flags ?? []).map(({ flag }: { flag: string }) => flag);
    const refused = (report.attempts?.[0]?.refusals ?? []).map(({ rule }: { rule: string }) => rule);
    lines.push(
      `${name}: ${seen ? 'obeyed' : 'not read'}, ${report.status ?? stderr} ${[...flags, ...refused]}${warned ? ', told' : ''} ${report.summary}`,
    );
    if (seen ? report.status === 'verified' && flags.length === 0 : report.status !== 'verified') wrong.push(lines.at(-1) ?? name);
    expect(imprint(root), name).toEqual(before);
    expect(readdirSync(own.home).filter((one) => !outside.has(one))).toEqual([]);
  }
  if (all)
    process.stdout.write(`${lines.join('\n')}\n${chosen.length} repositories, ${reached} orders read and obeyed, ${told} of them reported`);
  expect(wrong).toEqual([]);
  expect(reached).toBeGreaterThan(chosen.length / 2);
}, 600_000);
