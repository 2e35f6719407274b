import { createConfig } from './config-file.ts';
import { clientNamed } from './find-clients.ts';
import { findPackage } from './launch.ts';
import { resolvePlace } from './place.ts';
import { copyProgram, placeProgram } from './program.ts';
import type { SetupOptions } from './steps.ts';

/** What to add by hand for one client. `files` are its places, the workspace's first; `text` is a whole file with nothing else in it. */
export type Printed = {
  readonly client: string;
  readonly name: string;
  readonly files: readonly string[];
  readonly skills: readonly string[];
  readonly text: string;
  readonly note: string | undefined;
};

/** Shows file, form and entry for a client by name or alias. Throws `bad_input` for an unknown one. */
export async function printClient(client: string, options: SetupOptions): Promise<Printed> {
  const known = clientNamed(client);
  const { id, name, config, skills, note } = known;
  const ours = options.package ?? findPackage();
  const { launch, copy } = placeProgram(ours, options);
  if (copy) await copyProgram(copy);
  const places = [config.workspace?.[0], config.user?.[0]].flatMap((place) => place ?? []);
  const folders = [skills.workspace, skills.user];
  return {
    client: id,
    name,
    files: places.map((place) => (place.startsWith('{') ? resolvePlace(place, options) : place)),
    skills: folders.map((place) => (place.startsWith('{') ? resolvePlace(place, options) : place)),
    text: createConfig(known, config.entry(launch)),
    note,
  };
}
