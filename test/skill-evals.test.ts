import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { splitSkill } from '../src/setup/skill-file.ts';

const Prompts = z.array(z.object({ id: z.string(), prompt: z.string().min(10) }));
const Trigger = z.object({ skills: z.array(z.string()), positive: Prompts.min(10), negative: Prompts.min(10) });

test('the trigger prompts name our skills, and none stands twice', () => {
  const { skills, positive, negative } = Trigger.parse(JSON.parse(readFileSync('evals/trigger.json', 'utf8')));
  expect(skills.sort()).toEqual(readdirSync('skills').sort());
  const all = [...positive, ...negative];
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(new Set(all.map(({ prompt }) => prompt)).size).toBe(all.length);
});

const Grader = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('regex'),
    pattern: z.string(),
    flags: z.string().optional(),
    match: z.enum(['contains', 'not_contains']).optional(),
  }),
  z.strictObject({
    type: z.literal('tool_used'),
    tool: z.string(),
    input_match: z.string().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    arm: z.enum(['with-only', 'both']).optional(),
  }),
]);
type Grader = z.infer<typeof Grader>;

const cases = readdirSync('evals', { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));

function gradersOf(name: string): readonly Grader[] {
  const folder = join('evals', name, 'graders');
  return readdirSync(folder).map((file) => Grader.parse(parse(splitSkill(readFileSync(join(folder, file), 'utf8'))?.frontMatter ?? '')));
}

/** What the text graders say of an answer. */
function passes(graders: readonly Grader[], answer: string): boolean {
  return graders.every(
    (grader) => grader.type !== 'regex' || new RegExp(grader.pattern, grader.flags).test(answer) === (grader.match !== 'not_contains'),
  );
}

describe.each(cases)('case %s', (name) => {
  test('has a prompt, and a grader of the outcome', () => {
    expect(splitSkill(readFileSync(join('evals', name, 'prompt.md'), 'utf8'))?.body.trim().length).toBeGreaterThan(20);
    expect(gradersOf(name).some(({ type }) => type === 'regex')).toBe(true);
    expect(gradersOf(name).some(({ type }) => type === 'tool_used')).toBe(true);
  });
  test('tells a good answer from a bad one', () => {
    const answer = (kind: string) => readFileSync(join('test/fixtures/evals', `${name}.${kind}.md`), 'utf8');
    expect(passes(gradersOf(name), answer('good'))).toBe(true);
    expect(passes(gradersOf(name), answer('bad'))).toBe(false);
  });
});

test('some cases are for staying quiet', () => {
  const quiet = cases.filter((name) => gradersOf(name).some((grader) => grader.type === 'tool_used' && grader.max === 0));
  expect(quiet.length).toBeGreaterThanOrEqual(2);
});
