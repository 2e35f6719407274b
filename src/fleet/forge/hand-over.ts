import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GlmError } from '../../errors.ts';
import { checkOut } from '../../repo/clones/mirror.ts';
import { openGit } from '../../repo/git.ts';
import { toMarkdown } from '../../report/markdown.ts';
import type { Row } from '../../schema/batch.ts';
import type { Machine } from '../../schema/deps.ts';
import { Report } from '../../schema/report.ts';
import { forgeOf } from './forge.ts';
import type { Change } from './types.ts';

/** What is to be handed over: a patch that was proven on a row, for the cause that it mends. */
export const Handing = z.strictObject({
  fingerprint: z.string(),
  cause: z.string(),
  lines: z.array(z.number().int()),
  labels: z.array(z.string()),
  /** Names the report on the shelf. */
  report: z.string().optional(),
});
export type Handing = z.infer<typeof Handing>;

type Errand = { readonly row: Row; readonly commit?: string | undefined; readonly patch: string; readonly handing: Handing };

const longestBody = 60_000;

/**
 * Opens a pull or merge request for a patch, on a branch of its own that is named after the cause, and gives its address. `before` throws
 * where another attempt has begun.
 */
export async function handOver(
  { row, commit, patch, handing }: Errand,
  { report, before }: { readonly report: string | undefined; readonly before: () => Promise<void> },
  machine: Machine,
): Promise<string> {
  const source = row.repo === undefined ? await sourceOf(row.root ?? '', machine) : { repo: row.repo, commit: commit ?? row.ref };
  const { forge, place } = await forgeOf(source.repo, machine.env);
  const checkout = await checkOut(source.repo, source.commit, machine);
  try {
    const changes = await changesOf(checkout.root, patch, machine);
    const told = Report.safeParse(report === undefined ? undefined : JSON.parse(report)).data;
    const proposal = {
      branch: `glm-skill/fix-${handing.fingerprint}`,
      base: row.ref,
      commit: checkout.commit,
      title: `Fix: ${(told?.rootCause?.summary ?? handing.cause).replace(/\s+/g, ' ').slice(0, 90)}`,
      body: bodyOf(handing, told),
      labels: handing.labels,
      changes,
    };
    return await forge.propose(proposal, place, before);
  } finally {
    await checkout.remove();
  }
}

/** Where a folder came from. What is not committed there is in no branch that others could build on. */
async function sourceOf(root: string, machine: Machine): Promise<{ readonly repo: string; readonly commit: string }> {
  const git = await openGit(root, machine);
  if (!git) throw new GlmError('no_git', `${root} is not a git work tree.`, { hint: 'Rows that name a repo can be handed over.' });
  const text = async (args: readonly string[], codes = [0]) => (await git.run(args, { codes })).toString().trim();
  const repo = await text(['config', '--get', 'remote.origin.url'], [0, 1]);
  if (repo === '')
    throw new GlmError('no_git', `${root} has no remote called origin.`, { hint: 'Rows that name a repo can be handed over.' });
  return { repo, commit: await text(['rev-parse', 'HEAD']) };
}

/** The files of a checkout as a patch leaves them. */
async function changesOf(root: string, patch: string, machine: Machine): Promise<Change[]> {
  const git = await openGit(root, machine);
  if (!git) throw new Error('a checkout without git');
  await git.run(['apply', '--index', '-'], { input: patch }).catch((cause: unknown) => {
    throw new GlmError('tree_changed', 'The patch does not fit the commit that would be handed over.', {
      hint: 'It was proven on changes that are not committed: commit and push them first.',
      cause,
    });
  });
  const names = (await git.run(['diff', '--cached', '--name-status', '--no-renames', '-z', 'HEAD'])).toString().split('\0').filter(Boolean);
  const changes: Change[] = [];
  for (let at = 0; at + 1 < names.length; at += 2) {
    const [status = '', path = ''] = names.slice(at, at + 2);
    const full = join(root, path);
    const found = status.startsWith('D') ? undefined : await lstat(full);
    const content = found && (found.isSymbolicLink() ? Buffer.from(await readlink(full)) : await readFile(full));
    const mode = found?.isSymbolicLink() ? '120000' : (found?.mode ?? 0) & 0o100 ? '100755' : '100644';
    changes.push({ path, content, mode, kind: !content ? 'delete' : status.startsWith('A') ? 'create' : 'update' });
  }
  return changes;
}

/** The report, for people who have not run it. Nobody is called by name in it. */
function bodyOf({ cause, fingerprint, lines }: Handing, report: Report | undefined): string {
  const rows = `Root cause \`${fingerprint}\`: ${cause}\nProven on ${lines.length} ${lines.length === 1 ? 'row' : 'rows'} of the batch (line ${lines.join(', ')}).`;
  const whole = report ? toMarkdown({ ...report, next: [] }) : '';
  return `${rows}\n\n${whole}`.slice(0, longestBody).replace(/@(?=\w)/g, '@\u200b');
}
