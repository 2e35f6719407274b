import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { toHtml } from '../../src/report/html/page.ts';
import { hostile, makeReport } from './example.ts';

test('a page holds all sections, in the order in which they matter', () => {
  const page = toHtml(makeReport());
  const ids = [...page.matchAll(/<section id="(\w+)"/g)].map((match) => match[1]);
  expect(ids).toEqual([
    'summary',
    'failing',
    'flow',
    'shown',
    'cause',
    'patch',
    'proof',
    'groups',
    'suspects',
    'context',
    'attempts',
    'warnings',
  ]);
  for (const id of ids) expect(page).toContain(`href="#${id}"`);
});

test('nothing of a repository or a model becomes markup, and the policy allows neither script nor request', () => {
  const page = toHtml(makeReport(hostile));
  expect(page).toContain('&lt;script&gt;');
  const tags = (page.match(/<[a-z][^<>]*>/gi) ?? []).map((tag) => tag.replace(/="(?!#)[^"]*"/g, '=""'));
  expect(tags.filter((tag) => /^<(?:script|img|iframe|link|object|embed|form)\b|\son\w+=|\s(?:src|style|href)=""/i.test(tag))).toEqual([]);
  expect(page).not.toContain(String.fromCharCode(27));
  expect(page).not.toContain('\u202e');
  const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  expect(style).toContain('light-dark(');
  expect(policy.replaceAll('&#39;', "'")).toBe(
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`,
  );
});

test('a normal report stays far below 400 kB, one of 3,000 failures within it', () => {
  expect(toHtml(makeReport()).length).toBeLessThan(60_000);
  expect(toHtml(makeReport('rounds down', 3_000)).length).toBeLessThan(400_000);
});

test('a report with nothing but its status is a page too', () => {
  const { version, verb, root } = makeReport();
  const page = toHtml({ version, verb, root, status: 'green', summary: 'All green.', warnings: [], next: [] });
  expect(page).toContain('All green.');
  expect(page).not.toContain('<section');
});

test('the picture leads from the assertion over the values to the changed line, the timeline over the patch', () => {
  const page = toHtml(makeReport());
  const flow = /<ol class="flow">([\s\S]*?)<\/ol>/.exec(page)?.[1] ?? '';
  expect(
    [...flow.matchAll(/<li class="(\w+)"><strong>[^<]*<\/strong><code>([^<]*)/g)].map(([, kind, place]) => `${kind} ${place}`),
  ).toEqual(['test test/a.test.js:7', 'frame src/tiers.js:5', 'cause src/tiers.js:3', 'cause src/tiers.js:5', 'change src/tiers.js:5']);
  const timeline = /<ol class="timeline">([\s\S]*?)<\/ol>/.exec(page)?.[1] ?? '';
  expect([...timeline.matchAll(/<li class="(\w+)">/g)].map(([, colour]) => colour)).toEqual(['bad', 'bad', 'bad', 'mark', 'good']);
});

test('the map is coloured by suspicion, and by what ran where that is known', () => {
  expect(toHtml({ ...makeReport(), ran: undefined })).not.toContain('type="radio"');
  const page = toHtml(makeReport());
  expect(page).toContain('src/deep/file0.js: 4 places ran, 3 in failing tests only');
  expect(page).toContain('src/deep/file1.js: 1 place ran, in passing tests too');
  expect(page).toContain('src/deep/file7.js: not run');
});

test('a cause shows its undo once', () => {
  const { patch, proof: _proof, rootCause: _cause, ...rest } = makeReport();
  const page = toHtml({ ...rest, verb: 'cause', status: 'shown', patch });
  expect(page.split('What the undo changes')).toHaveLength(2);
  expect(page).not.toContain('id="patch"');
});
