// The licences of every package that is inside the bundle, as the text that goes with it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readParts } from './parts.mjs';

const legal = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** What a package holds of others without their licence beside it. */
const inside = {
  unpdf:
    'Holds PDF.js, Copyright Mozilla Foundation and contributors, under the Apache License, Version 2.0 (https://www.apache.org/licenses/LICENSE-2.0).\n\n',
};

/** What THIRD-PARTY-LICENSES has to hold: each package by name and version, and each text once. */
export async function writeLicences(root) {
  const { inputs } = await readParts(root);
  const folders = new Set(Object.keys(inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  const holders = new Map();
  for (const folder of [...folders].sort()) {
    const { name, version, license, author } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const files = (await readdir(join(root, folder))).filter((file) => legal.test(file)).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(root, folder, file), 'utf8')));
    const text =
      (inside[name] ?? '') + texts.map((one) => one.replaceAll('\r\n', '\n').trim()).join('\n\n') ||
      `License: ${license}\nAuthor: ${author?.name ?? author ?? name}`;
    holders.set(text, [...(holders.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const parts = [...holders].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  const count = [...holders.values()].flat().length;
  return [`glm-skill contains parts of ${count} packages. Their licences:\n`, ...parts].join(`\n${'-'.repeat(80)}\n`);
}
