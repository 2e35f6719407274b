import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runProcess } from '../../src/process/run.ts';
import { type Gateway, startGateway } from '../../src/stand-in/gateway.ts';
import { git, makeHome, makeRepo, write } from '../repo/fixture.ts';

const own = makeHome();
const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');
const trace = join(own.home, 'ran');
const evil = join(own.home, 'evil.sh');
const root = join(own.home, 'shop');
const fixed =
  '## Root cause\nWhere: src/sum.js:2\nMinus.\n\n## Edits\nsrc/sum.js\n<<<<<<< SEARCH\n  return a - b;\n=======\n  return a + b;\n>>>>>>> REPLACE\n';
let pristine = '';
let gateway: Gateway;
let env: Record<string, string> = {};

beforeAll(async () => {
  writeFileSync(evil, `#!/bin/sh\necho "$0 $*" >> '${trace}'\ncat 2>/dev/null\n`);
  chmodSync(evil, 0o755);
  pristine = await makeRepo(own.home, 'pristine', {
    'package.json': '{"name":"shop","type":"module","scripts":{"test":"node --test"}}',
    'src/sum.js': 'export function sum(a, b) {\n  return a - b;\n}\n',
    'test/sum.test.js':
      "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { sum } from '../src/sum.js';\ntest('adds', () => assert.equal(sum(1, 2), 3));\n",
    'b.bin': 'one\n',
    '.gitattributes': '*.js filter=evil diff=evil merge=evil\n*.bin filter=lfs diff=lfs merge=lfs\nREADME export-subst\n',
  });
  write(pristine, { 'src/sum.js': 'export function sum(a, b) {\n  return a - b; // changed\n}\n'.replace(' // changed', '') });
  write(pristine, { 'src/other.js': 'export const one = 1;\n' });
  gateway = await startGateway({ replies: [fixed] });
  env = {
    PATH: process.env.PATH ?? '',
    HOME: own.home,
    GLM_SKILL_HOME: join(own.home, 'state'),
    RUNAPI_API_KEY: 'k-abc-123',
    RUNAPI_BASE_URL: gateway.url,
  };
});
beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  rmSync(trace, { force: true });
  cpSync(pristine, root, { recursive: true });
});
afterAll(async () => {
  await gateway.close();
  own.remove();
});

const config =
  (...pairs: readonly (readonly [string, string])[]) =>
  async () => {
    for (const [name, value] of pairs) await git(root, 'config', '--add', name, value);
  };
const hook = (folder: string, name: string) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\necho hook ${name} >> '${trace}'\n`);
  chmodSync(join(folder, name), 0o755);
};
const hooks = [
  'post-checkout',
  'post-index-change',
  'pre-commit',
  'reference-transaction',
  'fsmonitor-watchman',
  'pre-auto-gc',
  'post-applypatch',
  'applypatch-msg',
  'update',
  'pre-receive',
  'proc-receive',
  'push-to-checkout',
];
const program = (name: string) => config([name, evil]);
const run = `!${evil}`;

/** What a repository can hold so that git, asked an innocent question, starts a program. */
const vectors: Readonly<Record<string, () => Promise<void> | void>> = {
  'core.fsmonitor': program('core.fsmonitor'),
  'core.fsmonitor in capitals': program('CORE.FSMONITOR'),
  'core.hooksPath': async () => {
    for (const name of hooks) hook(join(own.home, 'hooks'), name);
    await git(root, 'config', 'core.hooksPath', join(own.home, 'hooks'));
  },
  '.git/hooks': () => {
    for (const name of hooks) hook(join(root, '.git/hooks'), name);
  },
  'filter clean and smudge': config(['filter.evil.clean', evil], ['filter.evil.smudge', evil], ['filter.evil.required', 'true']),
  'filter process': config(['filter.evil.process', evil], ['filter.evil.required', 'true']),
  'filter of LFS': config(
    ['filter.lfs.clean', evil],
    ['filter.lfs.smudge', evil],
    ['filter.lfs.process', evil],
    ['filter.lfs.required', 'true'],
  ),
  'diff.external': program('diff.external'),
  'diff driver command': program('diff.evil.command'),
  'diff textconv': config(['diff.evil.textconv', evil], ['diff.evil.cachetextconv', 'true']),
  'merge driver': program('merge.evil.driver'),
  'core.sshCommand and a remote': config(['core.sshCommand', evil], ['remote.origin.url', 'ssh://x/y'], ['remote.origin.promisor', 'true']),
  'remote of protocol ext': config(
    ['protocol.ext.allow', 'always'],
    ['remote.origin.url', `ext::${evil} %S`],
    ['remote.origin.promisor', 'true'],
  ),
  'insteadOf to ext': config(
    ['protocol.allow', 'always'],
    [`url.ext::${evil} .insteadOf`, 'https://'],
    ['remote.origin.url', 'https://a/b'],
  ),
  'promisor with a missing object': async () => {
    await git(root, 'config', 'core.repositoryFormatVersion', '1');
    for (const [name, value] of [
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.partialclonefilter', 'blob:none'],
      ['protocol.ext.allow', 'always'],
      ['remote.origin.url', `ext::${evil} %S`],
      ['remote.origin.uploadpack', evil],
    ])
      await git(root, 'config', name ?? '', value ?? '');
    const oid = (await git(root, 'rev-parse', 'HEAD:b.bin')).trim();
    rmSync(join(root, '.git/objects', oid.slice(0, 2), oid.slice(2)), { force: true });
  },
  'upload-pack of the remote': config(
    ['remote.origin.uploadpack', evil],
    ['remote.origin.receivepack', evil],
    ['remote.origin.url', own.home],
  ),
  'remote helper': config(['remote.origin.vcs', 'evil'], ['remote.origin.url', 'x']),
  'core.gitProxy': config(['core.gitProxy', evil], ['remote.origin.url', 'git://127.0.0.1/x']),
  'credential.helper': config(['credential.helper', run], ['credential.https://a.helper', run]),
  'core.askPass': program('core.askPass'),
  'core.pager and pagers of commands': config(
    ['core.pager', evil],
    ['pager.log', evil],
    ['pager.diff', evil],
    ['pager.status', evil],
    ['pager.config', evil],
    ['pager.blame', evil],
  ),
  'core.editor and sequence.editor': config(['core.editor', evil], ['sequence.editor', evil]),
  'gpg programs with signatures shown': config(
    ['gpg.program', evil],
    ['gpg.ssh.program', evil],
    ['gpg.x509.program', evil],
    ['log.showSignature', 'true'],
    ['commit.gpgSign', 'true'],
    ['gpg.ssh.defaultKeyCommand', evil],
  ),
  aliases: config(
    ['alias.status', run],
    ['alias.ls-files', run],
    ['alias.rev-parse', run],
    ['alias.log', run],
    ['alias.apply', run],
    ['alias.diff', run],
  ),
  'include.path': async () => {
    writeFileSync(join(root, '.git/more'), `[core]\n\tfsmonitor = ${evil}\n[filter "evil"]\n\tclean = ${evil}\n\tprocess = ${evil}\n`);
    await git(root, 'config', 'include.path', 'more');
  },
  'includeIf.gitdir': async () => {
    writeFileSync(join(own.home, 'more'), `[core]\n\tfsmonitor = ${evil}\n[diff "evil"]\n\ttextconv = ${evil}\n`);
    await git(root, 'config', 'includeIf.gitdir:**.path', join(own.home, 'more'));
  },
  'config.worktree': async () => {
    await git(root, 'config', 'core.repositoryFormatVersion', '1');
    await git(root, 'config', 'extensions.worktreeConfig', 'true');
    writeFileSync(join(root, '.git/config.worktree'), `[core]\n\tfsmonitor = ${evil}\n[filter "evil"]\n\tclean = ${evil}\n`);
  },
  'submodule update command': async () => {
    write(root, { '.gitmodules': `[submodule "s"]\n\tpath = s\n\turl = ext::${evil}\n\tupdate = !${evil}\n` });
    await config(
      ['submodule.s.update', run],
      ['submodule.s.url', `ext::${evil}`],
      ['submodule.recurse', 'true'],
      ['submodule.s.active', 'true'],
    )();
    await git(root, 'update-index', '--add', '--cacheinfo', `160000,${(await git(root, 'rev-parse', 'HEAD')).trim()},s`);
  },
  'nested repository with hooks and fsmonitor': async () => {
    const inner = await makeRepo(root, 'vendor/inner', { 'a.txt': 'a\n' });
    await git(inner, 'config', 'core.fsmonitor', evil);
    await git(root, 'add', 'vendor/inner').catch(() => '');
  },
  'bare repository in the tree': () => {
    mkdirSync(join(root, 'fixtures/bare'), { recursive: true });
    for (const folder of ['objects', 'refs']) mkdirSync(join(root, 'fixtures/bare', folder));
    writeFileSync(join(root, 'fixtures/bare/HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(
      join(root, 'fixtures/bare/config'),
      `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ..\n\tfsmonitor = ${evil}\n`,
    );
  },
  alternateRefsCommand: async () => {
    writeFileSync(join(root, '.git/objects/info/alternates'), `${join(pristine, '.git/objects')}\n`);
    await git(root, 'config', 'core.alternateRefsCommand', evil);
  },
  'templates, attributes and excludes by config': async () => {
    hook(join(own.home, 'template/hooks'), 'post-checkout');
    writeFileSync(join(own.home, 'attributes'), '* filter=outside\n');
    await config(
      ['init.templateDir', join(own.home, 'template')],
      ['core.attributesFile', join(own.home, 'attributes')],
      ['filter.outside.clean', evil],
    )();
  },
  'trailers, tools and mail': config(
    ['trailer.x.command', evil],
    ['trailer.x.cmd', evil],
    ['diff.tool', 'x'],
    ['difftool.x.cmd', evil],
    ['mergetool.x.cmd', evil],
    ['interactive.diffFilter', evil],
    ['browser.x.cmd', evil],
    ['man.x.cmd', evil],
    ['sendemail.sendmailcmd', evil],
    ['uploadpack.packObjectsHook', evil],
  ),
  'programs in the work tree called like git commands': () => {
    for (const name of ['git', 'git-status', 'git-ls-files', 'node', 'bwrap', 'npm', 'sh']) {
      writeFileSync(join(root, name), `#!/bin/sh\necho ${name} >> '${trace}'\n`);
      chmodSync(join(root, name), 0o755);
    }
  },
  'file names that look like options, marks or escapes': () => {
    for (const name of [
      '--upload-pack=evil',
      '-o',
      '--output=x',
      ':(top)*',
      ':!x',
      'new\nline.js',
      '\u001b[31mred.js',
      '%s%n.js',
      'a\tb.js',
      '$(touch x).js',
      '`x`.js',
      '; x.js',
    ])
      writeFileSync(join(root, name), 'export const x = 1;\n');
  },
  'branches called like options': async () => {
    const head = (await git(root, 'rev-parse', 'HEAD')).trim();
    mkdirSync(join(root, '.git/refs/heads'), { recursive: true });
    for (const name of ['--upload-pack=evil', '-h', '--exec=evil']) writeFileSync(join(root, '.git/refs/heads', name), `${head}\n`);
    writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/--upload-pack=evil\n');
  },
  'replace refs and grafts': async () => {
    const head = (await git(root, 'rev-parse', 'HEAD')).trim();
    write(root, { 'c.txt': 'c\n' });
    await git(root, 'add', 'c.txt');
    await git(root, 'commit', '-q', '-m', 'second');
    await git(root, 'replace', '--graft', 'HEAD');
    writeFileSync(join(root, '.git/info/grafts'), `${head}\n`);
  },
  'links called mailmap and gitattributes': () => {
    symlinkSync('/etc/passwd', join(root, '.mailmap'));
    rmSync(join(root, '.gitattributes'));
    symlinkSync('/etc/passwd', join(root, '.gitattributes'));
  },
};

async function call(verb: string, ...flags: string[]) {
  const argv = [process.execPath, cli, verb, ...flags, '--quiet', '--json'];
  const done = await runProcess({ argv, cwd: root, env, timeoutMs: 60_000 });
  return { code: done.exitCode, out: done.stdout.toString(), err: done.stderr.toString() };
}
const traced = () => (existsSync(trace) ? readFileSync(trace, 'utf8') : '');

test('the traps spring when plain git is asked', async () => {
  await vectors['core.fsmonitor']?.();
  await git(root, 'status');
  expect(traced()).not.toBe('');
});

/** What another one would hide or undo is tried alone. The rest are tried together below, and each alone with `EACH=1`, which tells the one that sprang. */
const alone = /promisor|branches|links|bare|replace|submodule|config\.worktree|programs in/;

test.each(Object.keys(vectors).filter((name) => process.env.EACH || alone.test(name)))('%s runs nothing', async (name) => {
  await vectors[name]?.();
  rmSync(trace, { force: true });
  const packed = await call('context');
  expect(packed.code, packed.out + packed.err).toBeLessThan(70);
  const proven = await call('fix', '--attempts', '1', '--sandbox', 'off');
  expect(proven.code, proven.out + proven.err).toBeLessThan(70);
  expect(traced()).toBe('');
});

test('all settings at once run nothing in any use', async () => {
  for (const [name, plant] of Object.entries(vectors)) if (!alone.test(name)) await plant();
  rmSync(trace, { force: true });
  const verbs: string[][] = [
    ['find'],
    ['context'],
    ['diagnose'],
    ['review'],
    ['ask', '--question', 'What is summed?'],
    ['write-tests', 'src/sum.js'],
  ];
  for (const [verb = '', ...flags] of verbs) {
    const done = await call(verb, ...flags);
    expect(done.code, verb + done.out + done.err).toBeLessThan(2);
    expect(traced(), verb).toBe('');
  }
  const proven = await call('fix', '--attempts', '1', '--sandbox', 'off');
  expect(proven.code, proven.out + proven.err).toBe(0);
  const applied = await call('apply');
  expect(applied.code, applied.out + applied.err).toBe(0);
  expect(readFileSync(join(root, 'src/sum.js'), 'utf8')).toContain('a + b');
  expect(traced()).toBe('');
});
