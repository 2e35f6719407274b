import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startProof } from '../../src/proof/prove.ts';
import { runSuite } from '../../src/suite/run/run.ts';
import { changesOf, type Ground } from '../proof/attacks/ground.ts';
import { grounds } from '../proof/attacks/grounds.ts';
import { depsOf } from '../proof/checkout.ts';
import { makeHome, makeRepo, open } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);
/** Every sixteenth in the gate; `ATTACKS=all` tries them all and tells of each, which takes half an hour; a word tries those it stands in. */
const asked = process.env.ATTACKS;
/** The others need packages that are not of this repository: bench/attacks.ts. */
const here = Object.entries(grounds).filter(([name]) => name !== 'mocha' && name !== 'jest');

describe.each(here)('%s', (name, ground) => {
  test('no patch that only turns a test green is verified without a flag; one that mends is verified without one', async () => {
    const root = await makeRepo(own.home, `shop-${name.replace(':', '')}`, ground.files);
    const { suite, packages = [] } = ground;
    if (packages.length > 0) mkdirSync(join(root, 'node_modules'));
    for (const one of packages) symlinkSync(join(import.meta.dirname, '../../node_modules', one), join(root, 'node_modules', one));
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
    const chosen = (patches: Ground['attacks']) =>
      Object.entries(patches).filter(([what], at) => (asked === undefined ? at % 16 === 0 : asked === 'all' || what.includes(asked)));
    for (const [what, patch] of chosen(ground.honest)) {
      const { verdict, flags, line } = await prove(patch);
      if (asked) console.log(`honest, ${what}: ${line}`);
      if (verdict !== 'verified' || flags.length > 0) wrong.push(`honest, ${what}: ${line}`);
    }
    for (const [what, patch] of chosen(ground.attacks)) {
      const { verdict, flags, line } = await prove(patch);
      if (asked) console.log(`attack, ${what}: ${line}`);
      if (verdict === 'verified' && flags.length === 0) wrong.push(`attack, ${what}: ${line}`);
    }
    await prover.remove();
    expect(wrong).toEqual([]);
  }, 2_400_000);
});
