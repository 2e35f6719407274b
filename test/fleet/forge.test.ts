import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { forgeOf, readRemote } from '../../src/fleet/forge/forge.ts';
import type { Proposal } from '../../src/fleet/forge/types.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const text = z.string().min(1);

/** Bodies as GitHub's and GitLab's published schemas of these calls want them; what they do not know is refused. */
const github: Record<string, z.ZodType> = {
  'POST /repos/team/shop/git/blobs': z.strictObject({ content: z.base64(), encoding: z.literal('base64') }),
  'POST /repos/team/shop/git/trees': z.strictObject({
    base_tree: sha,
    tree: z.array(
      z.strictObject({ path: text, mode: z.enum(['100644', '100755', '120000']), type: z.literal('blob'), sha: sha.nullable() }),
    ),
  }),
  'POST /repos/team/shop/git/commits': z.strictObject({ message: text, tree: sha, parents: z.array(sha) }),
  'POST /repos/team/shop/git/refs': z.strictObject({ ref: z.string().startsWith('refs/heads/glm-skill/'), sha }),
  'POST /repos/team/shop/pulls': z.strictObject({ title: text, head: z.string().startsWith('glm-skill/'), base: text, body: text }),
  'POST /repos/team/shop/issues/7/labels': z.strictObject({ labels: z.array(text) }),
};
const action = { file_path: text, content: z.base64(), encoding: z.literal('base64'), execute_filemode: z.boolean() };
const gitlab: Record<string, z.ZodType> = {
  'POST /api/v4/projects/team%2Fshop/repository/commits': z.strictObject({
    branch: z.string().startsWith('glm-skill/'),
    commit_message: text,
    start_sha: sha,
    actions: z.array(
      z.union([
        z.strictObject({ action: z.enum(['create', 'update']), ...action }),
        z.strictObject({ action: z.literal('delete'), file_path: text }),
      ]),
    ),
  }),
  'POST /api/v4/projects/team%2Fshop/merge_requests': z.strictObject({
    source_branch: z.string().startsWith('glm-skill/'),
    target_branch: text,
    title: text,
    description: text,
    labels: z.literal('glm-skill'),
    remove_source_branch: z.literal(true),
  }),
};

const made = 'b'.repeat(40);
/** A forge that holds one repository: it takes what its schemas allow, and remembers the branch and the request. */
async function forge(schemas: Record<string, z.ZodType>) {
  const wrote: string[] = [];
  let [branch, request] = [false, false];
  const answers: Record<string, () => unknown> = {
    'GET /repos/team/shop': () => ({ default_branch: 'trunk' }),
    'GET /repos/team/shop/pulls': () => (request ? [{ html_url: 'https://forge/pull/7' }] : []),
    [`GET /repos/team/shop/git/commits/${'a'.repeat(40)}`]: () => ({ tree: { sha: made } }),
    'GET /repos/team/shop/git/ref/heads/glm-skill/fix-0123': () => (branch ? {} : undefined),
    'GET /api/v4/projects/team%2Fshop': () => ({ default_branch: 'trunk' }),
    'GET /api/v4/projects/team%2Fshop/merge_requests': () => (request ? [{ web_url: 'https://forge/pull/7' }] : []),
    'GET /api/v4/projects/team%2Fshop/repository/branches': () => (branch ? [{ name: 'glm-skill/fix-0123' }] : []),
  };
  const server = createServer(async (asked, answer) => {
    let body = '';
    for await (const chunk of asked) body += chunk;
    const path = asked.url?.split('?')[0] ?? '';
    const call = `${asked.method} ${path.startsWith('/api/v4') ? path : decodeURIComponent(path)}`;
    const token = asked.headers.authorization ?? asked.headers['private-token'];
    const schema = schemas[call];
    const wrong = schema?.safeParse(JSON.parse(body || '{}')).error;
    const said =
      asked.method === 'POST'
        ? schema && { sha: made, number: 7, html_url: 'https://forge/pull/7', web_url: 'https://forge/pull/7' }
        : answers[call]?.();
    const status = !String(token).includes('a-token') ? 401 : wrong ? 422 : said === undefined ? 404 : 200;
    if (asked.method !== 'GET' && status === 200) {
      wrote.push(call);
      branch ||= /refs|repository\/commits/.test(call);
      request ||= /pulls|merge_requests/.test(call);
    }
    answer.writeHead(status, { 'content-type': 'application/json' });
    answer.end(JSON.stringify(status === 200 ? said : { message: `${call}: ${wrong?.message ?? status}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, wrote };
}

const proposal: Proposal = {
  branch: 'glm-skill/fix-0123',
  base: 'v1',
  commit: 'a'.repeat(40),
  title: 'Fix: the loop skips the first item',
  body: 'the report',
  labels: ['glm-skill'],
  changes: [
    { path: 'src/price.js', kind: 'update', content: Buffer.from('new\n'), mode: '100755' },
    { path: 'old.js', kind: 'delete', content: undefined, mode: '100644' },
  ],
};

test.each([
  ['GitHub', github, (url: string) => ({ GITHUB_SERVER_URL: url, GITHUB_API_URL: url, GITHUB_TOKEN: 'a-token' }), 7],
  ['GitLab', gitlab, (url: string) => ({ GITLAB_URL: url, GITLAB_TOKEN: 'a-token' }), 2],
] as const)('on %s a patch becomes one branch and one request, however often it is proposed', async (_name, schemas, env, writes) => {
  const { url, wrote } = await forge(schemas);
  const { forge: there, place } = await forgeOf(`${url}/team/shop.git`, env(url));
  const before = async () => {};
  expect(await there.propose(proposal, place, before)).toBe('https://forge/pull/7');
  expect(await there.propose(proposal, place, before)).toBe('https://forge/pull/7');
  expect(wrote.length).toBeLessThanOrEqual(writes);
  expect(wrote).toHaveLength(new Set(wrote).size);
  const lost = there.propose(proposal, { ...place, token: 'wrong' }, before);
  await expect(lost).rejects.toMatchObject({ code: 'request_rejected', message: expect.stringContaining('team/shop') });
});

test('remotes are read in all their forms; a forge that is unknown, and one without a token, are said', async () => {
  const forms = ['https://github.com/o/r.git', 'git@github.com:o/r.git', 'ssh://git@github.com:22/o/r', 'https://github.com/o/r/'];
  expect(forms.map(readRemote)).toEqual(forms.map(() => ({ host: 'github.com', path: 'o/r' })));
  expect(readRemote('/srv/git/shop.git')).toBeUndefined();
  await expect(forgeOf('https://example.org/o/r', {})).rejects.toMatchObject({ code: 'bad_input' });
  await expect(forgeOf('https://github.com/o/r', {})).rejects.toMatchObject({ code: 'auth' });
});
