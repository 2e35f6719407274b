import { chaiGround } from './chai.ts';
import type { Ground } from './ground.ts';
import { jestGround } from './jest.ts';
import { mochaGround } from './mocha.ts';
import { nodeGround } from './node.ts';
import { pythonGround } from './python.ts';
import { unittestGround } from './unittest.ts';
import { vitestGround } from './vitest.ts';

/** By runner or library. Those of mocha and jest need packages that are not of this repository: bench/attacks.ts. */
export const grounds: Readonly<Record<string, Ground>> = {
  'node:test': nodeGround,
  pytest: pythonGround,
  vitest: vitestGround,
  chai: chaiGround,
  unittest: unittestGround,
  mocha: mochaGround,
  jest: jestGround,
};
