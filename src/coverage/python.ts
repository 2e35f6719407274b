import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Measured, textsIn, type Way } from './reached.ts';
import { addSitecustomize, isLost } from './sitecustomize.ts';

export function meterPython({ suite, root, target, folder }: Measured): Way {
  const read: Way['read'] = () => {
    const left = textsIn(folder, '.lines');
    if (isLost(left)) return undefined;
    const said = left.flatMap((text) => text.split('\n'));
    const known = new Set(said.flatMap((line) => (line.startsWith('of ') ? [Number(line.slice(3))] : [])));
    const ran = new Set(said.flatMap((line) => (/^\d+$/.test(line) ? [Number(line)] : [])));
    return known.size === 0 ? undefined : { ran, known };
  };
  return { suite: addSitecustomize(suite, { folder, place: join(realpathSync(root), target), measure: 'lines' }), read };
}
