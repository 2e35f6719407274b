import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { placeEdits } from '../src/patch/place/place.ts';
import { readEdits } from '../src/patch/read/edits.ts';
import { blocksOf, type Change, mineChanges } from './edits/changes.ts';

export async function main(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: { git: { type: 'string', multiple: true, default: [] }, most: { type: 'string', default: '300' }, show: { type: 'boolean' } },
  });
  const all: Change[] = [];
  for (const folder of values.git) all.push(...(await mineChanges(folder, basename(dirname(folder)), Number(values.most))));
  const count: Record<string, number> = {};
  const bump = (key: string) => {
    count[key] = (count[key] ?? 0) + 1;
  };
  for (const it of all) {
    const blocks = blocksOf(it);
    const forms: [string, string][] = [['diff', it.diff]];
    if (blocks)
      forms.push([
        'blocks',
        blocks
          .map(
            ({ search, replace }) =>
              `${it.path}\n<<<<<<< SEARCH\n${search.join('\n')}\n=======\n${replace.map((l) => `${l}\n`).join('')}>>>>>>> REPLACE\n`,
          )
          .join('\n'),
      ]);
    const fence = '`'.repeat(Math.max(3, ...[...it.after.matchAll(/`+/g)].map((m) => m[0].length + 1)));
    forms.push(['whole', `${it.path}\n${fence}\n${it.after}${fence}\n`]);
    for (const [form, text] of forms) {
      const { edits, problems } = readEdits(text);
      const placed =
        problems.length > 0 ? { changes: [], failures: problems } : placeEdits(edits, (path) => (path === it.path ? it.before : undefined));
      const [failed] = placed.failures;
      const result = failed
        ? `refused ${failed.rule}`
        : placed.changes.length === 1 && placed.changes[0]?.path === it.path && placed.changes[0]?.after === it.after
          ? 'gold'
          : 'WRONG';
      bump(`${form} ${result}`);
      bump(`${form} all`);
      if (values.show && result !== 'gold' && form !== 'whole') console.log(form, it.repo, it.path, result, failed?.message.slice(0, 200));
    }
  }
  console.log(Object.entries(count).sort());
}
