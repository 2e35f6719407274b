import { folders, readEnvironment } from '../../src/config.ts';
import { applyPatch } from '../../src/repo/apply.ts';
import { good, observe, walk } from '../proof/checkout.ts';
import { open } from '../repo/fixture.ts';

/** Walks the route in a process of its own: `walker ROOT HOME EVENT`. At the EVENTth thing that is told, it kills, cancels or breaks itself off. */
const [root = '', home = '', at = '0', how = 'SIGKILL'] = process.argv.slice(2);
const env = { ...readEnvironment(), HOME: home, GLM_SKILL_HOME: `${home}/own` };
const own = { home, env, folders: folders(env), remove: () => {} };
const controller = new AbortController();
let told = 0;
const tell = () => {
  told++;
  if (told !== Number(at)) return;
  if (how === 'abort') return controller.abort();
  if (how === 'throw') throw new Error('cancelled here');
  const kill = () => process.kill(process.pid, 'SIGKILL');
  // In the middle of what was told: of a run, of a mutant.
  if (how === 'later') setTimeout(kill, 300);
  else kill();
};
const failures = await observe(root, own);
const walking = walk(root, own, { failures, attempts: 1, replies: [good], tell, signal: controller.signal });
const result = await walking.then(
  (walked) => walked.result,
  (error: unknown) => {
    if (!controller.signal.aborted) throw error;
    process.stdout.write(`cancelled ${told}\n`);
    process.exit(0);
  },
);
if (how === 'apply' && result.patch) await applyPatch({ git: await open(root), patch: result.patch, folders: own.folders });
process.stdout.write(`${result.status} ${told}\n`);
