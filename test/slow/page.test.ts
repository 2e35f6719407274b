import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { toHtml } from '../../src/report/html/page.ts';
import { hostile, makeReport } from '../report/example.ts';

const browserPath = '/usr/bin/chromium';
const here = existsSync(browserPath);
if (!here) console.log(`not run: the page in a browser, because ${browserPath} is not there`);

const folder = mkdtempSync(join(tmpdir(), 'glm-skill-page-'));
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const Findings = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));
let browser: Awaited<ReturnType<typeof chromium.launch>> | undefined;

beforeAll(async () => {
  if (here) browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(report: ReturnType<typeof makeReport>, colorScheme: 'light' | 'dark') {
  if (!browser) throw new Error('no browser');
  const file = join(folder, 'report.html');
  writeFileSync(file, toHtml(report));
  const context = await browser.newContext({ colorScheme, bypassCSP: true, viewport: { width: 1100, height: 900 } });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => said.push('dialog')));
  await page.goto(pathToFileURL(file).href);
  return { page, asked, said, file: pathToFileURL(file).href };
}

test.runIf(here).each([
  ['a repository of one failure', makeReport(), 'light'],
  ['the same in the dark', makeReport(), 'dark'],
  ['300 failures', makeReport('rounds down', 300), 'light'],
  ['a hostile repository', makeReport(hostile, 9), 'light'],
] as const)('%s: no request, no script, no finding of axe', async (_name, report, scheme) => {
  const { page, asked, said, file } = await open(report, scheme);
  expect(asked).toEqual([file]);
  expect(said).toEqual([]);
  await page.addScriptTag({ path: axe });
  const found = Findings.parse(await page.evaluate('axe.run().then(({ violations }) => violations)'));
  expect(found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)).toEqual([]);
});

test.runIf(here)('every section is reached from the keyboard', async () => {
  const { page } = await open(makeReport(), 'light');
  const links = await page.locator('nav a').count();
  const reached = new Set<unknown>();
  for (let at = 0; at < links; at++) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate('document.activeElement.getAttribute("href")'));
  }
  expect(reached.size).toBe(links);
  await page.keyboard.press('Enter');
  expect(page.url()).toContain('#warnings');
});

test.runIf(here)('the map is chosen by keyboard; on paper both stand, and what is folded is unfolded', async () => {
  const { page } = await open(makeReport(), 'light');
  const shown = () => page.evaluate("[...document.querySelectorAll('.views > figure')].map((one) => one.checkVisibility())");
  expect(await shown()).toEqual([true, false]);
  await page.locator('#by-score').focus();
  await page.keyboard.press('ArrowRight');
  expect(await shown()).toEqual([false, true]);
  await page.emulateMedia({ media: 'print' });
  expect(await shown()).toEqual([true, true]);
  expect(await page.evaluate("document.querySelector('details:not([open]) ul').checkVisibility({ contentVisibilityAuto: true })")).toBe(
    true,
  );
});

test.runIf(here)('a narrow screen scrolls in one direction only', async () => {
  const { page } = await open(makeReport('a-name-without-a-blank-'.repeat(9), 300), 'light');
  await page.setViewportSize({ width: 400, height: 800 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
});

test.runIf(here)('3,000 failures open without a request, in few elements', async () => {
  const { page, asked } = await open(makeReport('rounds down', 3_000), 'light');
  expect(asked).toHaveLength(1);
  // What takes time to open is elements: the ids of a group are one of them.
  expect(await page.evaluate('document.querySelectorAll("*").length')).toBeLessThan(6_000);
});
