import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const Step = z.object({ id: z.string().optional(), shell: z.literal('bash'), env: z.record(z.string(), z.string()), run: z.string() });
const Action = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string() })),
  outputs: z.record(z.string(), z.object({ description: z.string(), value: z.string() })),
  runs: z.object({ using: z.literal('composite'), steps: z.array(Step) }),
});
const actions = ['action.yml', 'action/open/action.yml'].map((path) => Action.parse(parse(readFileSync(path, 'utf8'))));
const scripts = ['action/prepare.sh', 'action/fix.sh', 'action/open/open.sh'].map((path) => readFileSync(path, 'utf8'));

describe('the actions', () => {
  test('start their own scripts by their own path, and put nothing from outside into a command', () => {
    const steps = actions.flatMap(({ runs }) => runs.steps);
    for (const { run } of steps) expect(run).toMatch(/^(?:exec )?bash "\$ACTION\/[\w/]+\.sh"$/);
    for (const { env } of steps) expect(env.ACTION).toBe('$'.concat('{{ github.action_path }}'));
    expect(scripts.join('\n')).not.toMatch(/\bnpx\b|\$\{\{/);
  });

  test('use every input, and the one that runs tests is given no token', () => {
    for (const { inputs, outputs, runs } of actions) {
      const values = [...runs.steps.flatMap(({ env }) => Object.values(env)), ...Object.values(outputs).map(({ value }) => value)].join(
        '\n',
      );
      for (const name of Object.keys(inputs)) expect(values, name).toContain(`inputs.${name}`);
    }
    const [fix] = actions;
    expect(Object.keys(fix?.inputs ?? {})).not.toContain('token');
    expect(JSON.stringify(fix)).not.toMatch(/github\.token|secrets\./);
  });
});
