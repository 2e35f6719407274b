import type { Report } from '../../schema/report.ts';
import type { RunSummary } from '../../schema/run.ts';
import { html, type Markup } from './markup.ts';

/** One moment on the way from red to green: a run of tests, some re-runs of which only the result is known, or the patch. */
type Moment = { readonly label: string; readonly colour: 'good' | 'bad' | 'mark'; readonly what: string; readonly run?: RunSummary };

const width = 96;
const high = 8;

/** The runs of the tests in the order in which they were made, with the patch between those before and those after it. */
export function drawTimeline(report: Report): Markup | undefined {
  const moments = momentsOf(report);
  if (moments.length === 0) return undefined;
  return html`<div class="scroll" tabindex="0"><ol class="timeline">${moments.map(drawMoment)}</ol></div>${drawCommands(moments)}`;
}

function momentsOf({ run, flake, proof, patch, verb }: Report): Moment[] {
  const ran = (label: string, one: RunSummary): Moment => ({
    label,
    colour: one.outcome === 'green' ? 'good' : 'bad',
    what: one.outcome,
    run: one,
  });
  const first = run ? [ran(run.rerun ? 'the tests' : 'read from a report', run)] : [];
  const alone: Moment[] =
    flake && flake.runs > 0
      ? [{ label: 'failing test alone', colour: flake.failed > 0 ? 'bad' : 'good', what: `red in ${flake.failed} of ${flake.runs}` }]
      : [];
  if (!proof) return [...first, ...alone];
  const { before, after, wide } = proof;
  const [file] = patch?.files ?? [];
  const files = patch && patch.files.length > 1 ? ` and ${patch.files.length - 1} more` : '';
  const change: Moment = { label: verb === 'cause' ? 'undo' : 'patch', colour: 'mark', what: file ? `${file.path}${files}` : 'applied' };
  return [
    ...first,
    ...alone,
    ...(before ? [ran('failing tests, before', before)] : []),
    ...(wide ? [ran(`${wide.scope}, before`, wide.before)] : []),
    ...(after.length > 0 || wide ? [change] : []),
    ...after.map((one, at) => ran(`failing tests, after${after.length > 1 ? ` (${at + 1})` : ''}`, one)),
    ...(wide ? [ran(`${wide.scope}, after`, wide.after)] : []),
  ];
}

function drawMoment({ label, colour, what, run }: Moment): Markup {
  return html`<li class="${colour}"><span class="faint">${label}</span><strong>${what}</strong>${run && drawRun(run)}</li>`;
}

function drawRun(run: RunSummary): Markup {
  const { passed, failed, skipped, durationMs } = run;
  return html`${drawBar(run)}<span>${passed} passed, ${failed} failed${skipped > 0 && `, ${skipped} skipped`}</span><span class="faint">${(durationMs / 1000).toFixed(1)} s</span>`;
}

/** What passed, failed and was skipped, as one bar. The words stand below it. */
function drawBar({ passed, failed, skipped }: RunSummary): Markup {
  const all = Math.max(passed + failed + skipped, 1);
  let x = 0;
  const parts = [['passed', passed] as const, ['failed', failed] as const, ['skipped', skipped] as const].map(([kind, count]) => {
    // One failing test of thousands must be seen.
    const wide = count === 0 ? 0 : Math.max((count / all) * width, 3);
    const part = html`<rect class="${kind}" x="${x.toFixed(1)}" width="${wide.toFixed(1)}" height="${high}"/>`;
    x += wide;
    return part;
  });
  return html`<svg class="bar" width="${width + 9}" height="${high}" aria-hidden="true">${parts}</svg>`;
}

/** How each run was started, said once. */
function drawCommands(moments: readonly Moment[]): Markup | undefined {
  const commands = new Set(moments.flatMap(({ run }) => (run ? [`${run.command.join(' ')}${run.cwd && `  (in ${run.cwd})`}`] : [])));
  if (commands.size === 0) return undefined;
  return html`<details><summary>${commands.size === 1 ? 'The command' : `${commands.size} commands`}</summary><ul>${[...commands].map((one) => html`<li><code>${one}</code></li>`)}</ul></details>`;
}
