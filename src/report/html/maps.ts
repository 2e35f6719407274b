import type { RanFile } from '../../schema/context.ts';
import type { Report } from '../../schema/report.ts';
import { html, type Markup } from './markup.ts';
import { drawTreemap } from './treemap.ts';

/** What a file is as large as where its size is not known. */
const plainSize = 400;
const mostShown = 8;

/** The files as a map, once the more suspected the warmer, once by what the failing tests ran; below it the evidence. */
export function drawSuspects(report: Report): Markup | undefined {
  const { suspects = [], ran } = report;
  if (suspects.length === 0) return undefined;
  const sizes = sizesOf(report);
  const score = scoresOf(suspects);
  const known = new Map(ran?.files.map((one) => [one.path, one]));
  const leaves = (view: (path: string) => { colour: string; words: string }) =>
    [...sizes].map(([path, size]) => {
      const { colour, words } = view(path);
      return { path, size, colour, words: [nameOf(path), words], title: `${path}: ${words}` };
    });
  const byScore = leaves((path) => {
    const share = score.get(path);
    return { colour: `s${step(share ?? 0)}`, words: share === undefined ? 'not suspected' : `suspicion ${Math.round(share * 100)} %` };
  });
  const byRun = leaves((path) => reached(known.get(path)));
  const rows = suspects.map(
    (one, at) => html`<tr><td class="number">${at + 1}</td><td><code>${one.file}${one.line ? `:${one.line}` : ''}</code> ${one.name}</td>
<td>${one.evidence.join('; ')}</td></tr>`,
  );
  const head = html`<thead><tr><th scope="col" class="number">#</th><th scope="col">where</th><th scope="col">why</th></tr></thead>`;
  const rest = rows.slice(mostShown);
  return html`${views('by-score', byScore, ran && byRun)}
<div class="scroll" tabindex="0"><table class="facts">${head}<tbody>${rows.slice(0, mostShown)}</tbody></table></div>${
    rest.length > 0 &&
    html`<details><summary>${rest.length} more</summary><div class="scroll" tabindex="0"><table class="facts">${head}<tbody>${rest}</tbody></table></div></details>`
  }${ran && drawRan(ran)}`;
}

type Leaves = Parameters<typeof drawTreemap>[1];

/** One map, or two of which one is shown: chosen by radio buttons, since the page holds no script. */
function views(id: string, byScore: Leaves, byRun: Leaves | undefined): Markup {
  const score = html`<figure class="first">${drawTreemap('Files of the repository by suspicion', byScore)}<figcaption>Files by size, the more suspected the warmer.</figcaption></figure>`;
  if (!byRun) return score;
  return html`<div class="views"><input type="radio" name="map" id="${id}" checked><label for="${id}">By suspicion</label>
<input type="radio" name="map" id="by-run"><label for="by-run">By what the failing tests ran</label>
${score}<figure class="second">${drawTreemap('Files of the repository by what the failing tests ran', byRun)}<figcaption>Warm: places (functions, in Go blocks) that the failing tests ran and no passing test beside them did. Cool: run by passing tests too. Dashed: not run.</figcaption></figure></div>`;
}

/** What running says of a file. Where no passing test could be run beside it, what ran is warm by how much of it did. */
function reached(one: RanFile | undefined): { colour: string; words: string } {
  if (!one) return { colour: 'out', words: 'not run' };
  const { places, alone } = one;
  if (places === 0) return { colour: 's1', words: 'loaded, nothing in it was called' };
  const ran = `${places} ${places === 1 ? 'place' : 'places'} ran`;
  if (alone === undefined) return { colour: `s${places > 3 ? 7 : 5}`, words: ran };
  if (alone === 0) return { colour: 's3', words: `${ran}, in passing tests too` };
  return { colour: `s${alone > 2 ? 8 : 6}`, words: `${ran}, ${alone} in failing tests only` };
}

function drawRan({ files, count }: NonNullable<Report['ran']>): Markup {
  const rows = files.map((one) => html`<li><code>${one.path}</code>: ${reached(one).words}</li>`);
  const more = count > files.length && html`<p class="faint">and ${count - files.length} more files</p>`;
  return html`<details><summary>${count} files that the failing tests ran</summary><ul>${rows}</ul>${more}</details>`;
}

function scoresOf(suspects: NonNullable<Report['suspects']>): Map<string, number> {
  const most = Math.max(...suspects.map(({ score }) => score), Number.MIN_VALUE);
  const best = new Map<string, number>();
  for (const { file, score } of suspects) best.set(file, Math.max(best.get(file) ?? 0, score / most));
  return best;
}

/** In tokens, of all files that the report names. */
function sizesOf({ manifest, suspects = [], ran }: Report): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { path, tokens, form } of manifest?.entries ?? [])
    if (form !== 'outline' && form !== 'output') sizes.set(path, (sizes.get(path) ?? 0) + tokens);
  for (const { path, tokens } of manifest?.leftOut ?? []) sizes.set(path, Math.max(sizes.get(path) ?? 0, tokens ?? plainSize));
  for (const path of [...suspects.map(({ file }) => file), ...(ran?.files.map((one) => one.path) ?? [])])
    if (!sizes.has(path)) sizes.set(path, plainSize);
  return sizes;
}

const nameOf = (path: string) => path.split('/').at(-1) ?? path;
const step = (share: number) => Math.round(Math.min(Math.max(share, 0), 1) * 8);

const shades = { whole: 's8', part: 's6', signatures: 's3', outline: 's2', output: 's5' } as const;

/** What was sent, and what was not, as maps of tokens with the reasons on them, and as tables. */
export function drawContext({ manifest }: Report): Markup | undefined {
  if (!manifest) return undefined;
  const { entries, leftOut, leftOutCount, tokens, budgetTokens, redactions } = manifest;
  const sent = entries.map(({ path, startLine, endLine, tokens: size, form, reason }) => ({
    path: `${path}/${startLine}`,
    size,
    colour: shades[form],
    words: [`${startLine}-${endLine} ${form}`, `${size} tokens`, reason],
    title: `${path}:${startLine}-${endLine}, ${form}, ${size} tokens: ${reason}`,
  }));
  const kept = leftOut.map(({ path, reason, tokens: size }) => ({
    path,
    size: size ?? plainSize,
    colour: 'out',
    words: [nameOf(path), ...(size === undefined ? [] : [`${size} tokens`]), reason],
    title: `${path}${size === undefined ? '' : `, ${size} tokens`}: ${reason}`,
  }));
  const rows = entries.map(
    (one) =>
      html`<tr><td><code>${one.path}:${one.startLine}-${one.endLine}</code></td><td>${one.form}${one.round !== undefined && `, round ${one.round}`}</td><td class="number">${one.tokens}</td><td>${one.reason}</td></tr>`,
  );
  return html`<p>${tokens} of at most ${budgetTokens} tokens in ${entries.length} pieces; ${redactions} secrets hidden; ${leftOutCount} files left out.</p>
<figure>${drawTreemap('Tokens that were sent, by file', sent, 240)}<figcaption>Tokens by file. Warm: whole and parts; cool: signatures and names only.</figcaption></figure>
<details><summary>Each piece with its reason</summary><div class="scroll" tabindex="0"><table class="facts"><thead><tr><th scope="col">piece</th><th scope="col">form</th><th scope="col" class="number">tokens</th><th scope="col">reason</th></tr></thead><tbody>${rows}</tbody></table></div></details>${
    kept.length > 0 &&
    html`<h3>Left out</h3><figure>${drawTreemap('Files that were left out', kept, 140)}<figcaption>The nearest ${kept.length} of ${leftOutCount} files that were not sent.</figcaption></figure>
<details><summary>Why each was left out</summary><ul>${leftOut.map((one) => html`<li><code>${one.path}</code>: ${one.reason}</li>`)}</ul></details>`
  }`;
}
