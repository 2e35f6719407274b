import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { toHtml } from '../../src/report/html/page.ts';
import { hostile, makeReport } from './example.ts';

test('a page holds all sections, in the order in which they matter', () => {
  const page = toHtml(makeReport());
  const ids = [...page.matchAll(/<section id="(\w+)"/g)].map((match) => match[1]);
  expect(ids).toEqual(['failing', 'flow', 'shown', 'cause', 'patch', 'proof', 'groups', 'suspects', 'context', 'attempts', 'warnings']);
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
