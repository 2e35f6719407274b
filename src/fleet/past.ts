import { GlmError } from '../errors.ts';
import { FixErrand, LookErrand } from '../evaluating/elsewhere.ts';
import { openScrub } from '../jobs/scrub.ts';
import { checkOut } from '../repo/clones/mirror.ts';
import { openGit } from '../repo/git.ts';
import { makeRoom, takeLease } from '../repo/leases.ts';
import { dropWorkspaceKey } from '../safety/workspace-key.ts';
import type { Deps, Machine } from '../schema/deps.ts';
import type { Ask } from '../schema/model.ts';
import type { Wiring } from '../wiring.ts';

/** What an evaluation asks of a worker, by the kind of the task. */
export const pastKinds: ReadonlySet<string> = new Set(['past-look', 'past-fix']);

type With = { readonly wiring: Wiring; readonly askAs: (ask: Ask) => Ask };

/** Looks at a past bug, or lets a variant fix it, in a clone with all of its history. */
export async function workOnPast(kind: string, data: unknown, { wiring, askAs }: With, machine: Machine): Promise<object> {
  const [look, mend] = kind === 'past-look' ? [LookErrand.parse(data)] : [undefined, FixErrand.parse(data)];
  const { repo, base } = (look ?? mend).change;
  const { lookForOther, fixForOther } = await import('../uses/past-errand.ts');
  const checkout = await checkOut(repo, base, machine, { history: true });
  const lease = await takeLease(machine.folders);
  try {
    const git = await openGit(checkout.root, machine);
    if (!git) throw new GlmError('no_git', `${repo} was cloned to no effect.`);
    const ask = await wiring.ask();
    const { redactor } = await openScrub(checkout.root, [], machine);
    const deps: Deps = {
      ...machine,
      ask: ask && askAs(ask),
      variants: await wiring.variants(false),
      redactor,
      keep: () => Promise.reject(new Error('an evaluation keeps its own files')),
    };
    const clone = { git, room: await makeRoom(lease) };
    return look ? await lookForOther(look, clone, deps) : await fixForOther(mend, clone, deps);
  } finally {
    await lease.release();
    await checkout.remove();
    await dropWorkspaceKey(machine.folders, checkout.root);
  }
}
