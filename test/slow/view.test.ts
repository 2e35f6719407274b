import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { layExample, packageRoot } from './example.ts';

const browserPath = '/usr/bin/chromium';
const here = existsSync(browserPath);
if (!here) console.log(`not run: the view in a browser, because ${browserPath} is not there`);

const Call = z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) });
const Content = z.object({ contents: z.tuple([z.object({ text: z.string() })]) });
/** What a host lets a view do that asks for nothing. */
const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";

/** A host of MCP Apps as a page: the view in a frame of no origin, spoken to by messages alone. */
const host = (view: string) => `<!doctype html><title>host</title><iframe id="view" sandbox="allow-scripts" width="800"></iframe><script>{
const frame = document.getElementById('view');
const post = (message) => frame.contentWindow.postMessage({ jsonrpc: '2.0', ...message }, '*');
window.heard = [];
window.addEventListener('message', async ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  heard.push(data.method);
  if (data.method === 'ui/initialize') {
    const hostContext = { theme: 'dark' };
    post({ id: data.id, result: { protocolVersion: data.params.protocolVersion, hostInfo: { name: 'host', version: '1' }, hostCapabilities: { serverTools: {} }, hostContext } });
  } else if (data.method === 'ui/notifications/initialized') post({ method: 'ui/notifications/tool-result', params: await result() });
  else if (data.method === 'ui/notifications/size-changed') frame.height = data.params.height;
  else if (data.method === 'tools/call') post({ id: data.id, result: await callTool(data.params) });
  else if (data.id !== undefined) post({ id: data.id, result: {} });
});
frame.srcdoc = ${JSON.stringify(view.replace('<head>', `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`)).replaceAll('</', '<\\/')};
}</script>`;

test.runIf(here)(
  'the view in a host: the report of a fix, applied and put aside by its buttons',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'glm-view-'));
    const repo = join(folder, 'checkout');
    const gateway = await layExample(repo);
    const client = new Client({ name: 'host', version: '1' });
    const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      const env = { PATH: process.env.PATH ?? '', HOME: folder, RUNAPI_API_KEY: 'key-of-the-stand-in', RUNAPI_BASE_URL: gateway.url };
      const args = [join(packageRoot, 'dist', 'cli.mjs'), 'serve'];
      await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }));
      const { tools } = await client.listTools();
      const about = z.object({ ui: z.object({ resourceUri: z.string() }) });
      const { ui } = about.parse(tools.find(({ name }) => name === 'fix_failing_test')?._meta);
      const { contents } = Content.parse(await client.readResource({ uri: ui.resourceUri }));
      const call = (name: string, given: object) => client.callTool({ name, arguments: { ...given } }, undefined, { timeout: 120_000 });
      let fixed = await call('fix_failing_test', { root: repo });
      const { job } = z.object({ job: z.string() }).parse(fixed.structuredContent);
      while (z.object({ status: z.string() }).parse(fixed.structuredContent).status === 'running') fixed = await call('get_job', { job });

      const page = await browser.newPage({ viewport: { width: 900, height: 900 } });
      const faults: string[] = [];
      page.on('console', (message) => faults.push(message.text()));
      await page.exposeFunction('callTool', (given: unknown) => {
        const { name, arguments: words } = Call.parse(given);
        return call(name, words);
      });
      await page.exposeFunction('result', () => fixed);
      await page.setContent(host(contents[0].text));
      const view = page.frameLocator('#view');
      await view.getByRole('heading', { name: 'verified' }).waitFor();
      expect(await view.locator('body').textContent()).toContain('if (quantity >= tier.from)');
      expect(await view.locator('html').evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark');

      await view.getByRole('button', { name: 'Apply' }).click();
      await view.getByText('Changed 1 file: src/tiers.js.').waitFor();
      expect(await readFile(join(repo, 'src', 'tiers.js'), 'utf8')).toContain('quantity >= tier.from');

      // The same report shown once more, turned down: apply passes over it from then on.
      await page.setContent(host(contents[0].text));
      await view.getByRole('button', { name: 'Reject' }).click();
      await view.getByText('rejected: your files are as they were').waitFor();
      expect((await call('get_job', { job })).structuredContent).toMatchObject({ status: 'cancelled' });
      for (const words of [{ root: repo }, { root: repo, job }]) expect((await call('apply_patch', words)).isError).toBe(true);
      expect(await page.evaluate('heard')).toContain('ui/message');
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
      await client.close();
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
  180_000,
);
