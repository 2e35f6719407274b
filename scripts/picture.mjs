// Makes docs/report.png, the picture of the README: the top of the page that a real run of the demo writes, in Debian's Chromium.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const here = join(import.meta.dirname, '..');
const picture = join(here, 'docs', 'report.png');
const folder = mkdtempSync(join(tmpdir(), 'glm-skill-picture-'));
const mostBytes = 150_000;
try {
  const page = join(folder, 'report.html');
  // Without a key of the user's: the scripted reply is played.
  // What the demo keeps goes with the folder.
  const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' };
  execFileSync(process.execPath, [join(here, 'scripts', 'demo.mjs'), '--html', page], { env, stdio: 'ignore' });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-lcd-text'],
  });
  const tab = await browser.newPage({ viewport: { width: 900, height: 900 }, bypassCSP: true });
  await tab.goto(pathToFileURL(page).href);
  // Links lead nowhere in a picture.
  await tab.addStyleTag({ content: 'nav { display: none }' });
  const { y = 0, height = 0 } = (await tab.locator('#flow').boundingBox()) ?? {};
  await tab.screenshot({ path: picture, fullPage: true, clip: { x: 0, y: 0, width: 900, height: Math.ceil(y + height + 20) } });
  await browser.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const { size } = statSync(picture);
if (size > mostBytes) throw new Error(`${picture} has ${size} bytes, more than ${mostBytes}`);
console.log(`${picture}: ${size} bytes`);
