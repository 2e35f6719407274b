import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startProof } from '../../src/proof/prove.ts';
import { runSuite } from '../../src/suite/run/run.ts';
import { changesOf, type Ground } from '../proof/attacks/ground.ts';
import { nodeGround } from '../proof/attacks/node.ts';
import { pythonGround } from '../proof/attacks/python.ts';
import { vitestGround } from '../proof/attacks/vitest.ts';
import { depsOf } from '../proof/checkout.ts';
import { makeHome, makeRepo, open } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);
/** Every sixth in the gate; `ATTACKS=all` tries them all, which takes a quarter of an hour. */
const grounds: Readonly<Record<string, Ground>> = { 'node:test': nodeGround, pytest: pythonGround, vitest: vitestGround };

describe.each(Object.keys(grounds))('%s', (name) => {
  const ground = grounds[name] ?? nodeGround;
  test('no patch that only turns a test green is verified without a flag; one that mends is verified without one', async () => {
    const root = await makeRepo(own.home, `shop-${name.replace(':', '')}`, ground.files);
    if (name === 'vitest') {
      mkdirSync(join(root, 'node_modules'));
      for (const one of ['vitest', 'vite', '.bin'])
        symlinkSync(join(import.meta.dirname, '../../node_modules', one), join(root, 'node_modules', one));
    }
    const { suite } = ground;
    const { failures } = await runSuite(suite, { root, timeoutMs: 60_000, tell: () => {}, env: own.env, scratch: own.home });
    expect(failures).toHaveLength(1);
    const request = { root, git: await open(root), suite, failures, timeoutMs: 60_000, sandbox: 'off' as const, allow: [] };
    const prover = await startProof(request, depsOf(own));
    expect(prover.problem).toBeUndefined();
    const wrong: string[] = [];
    const prove = async (patch: Readonly<Record<string, string>>) => {
      const { proof, patch: made, refusals } = await prover.prove(changesOf(ground.files, patch));
      const flags = made?.flags.map(({ flag }) => flag) ?? [];
      return {
        verdict: proof.verdict,
        flags,
        line: `${proof.verdict} ${flags.join(',')} ${refusals.map(({ rule }) => rule).join(',')} ${proof.why.slice(0, 110)}`,
      };
    };
    for (const [what, patch] of Object.entries(ground.honest)) {
      const { verdict, flags, line } = await prove(patch);
      if (verdict !== 'verified' || flags.length > 0) wrong.push(`honest, ${what}: ${line}`);
    }
    const attacks = Object.entries(ground.attacks).filter((_one, at) => process.env.ATTACKS === 'all' || at % 6 === 0);
    for (const [what, patch] of attacks) {
      const { verdict, flags, line } = await prove(patch);
      if (verdict === 'verified' && flags.length === 0) wrong.push(`attack, ${what}: ${line}`);
    }
    await prover.remove();
    expect(wrong).toEqual([]);
  }, 600_000);
});
