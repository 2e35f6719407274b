import { isDeepStrictEqual } from 'node:util';
import { GlmError, messageOf } from '../errors.ts';
import { type Client, clients as table } from './clients.ts';
import { readEntry } from './config-file.ts';
import type { Launch } from './entries.ts';
import { fetchedVersion, findPackage, launchesIn } from './launch.ts';
import { callIt, type Ground, readConfig, realPlace, resolvePlace } from './place.ts';
import { placeProgram } from './program.ts';
import { readRecord } from './record.ts';
import { isPublished, type Start, startServer } from './start.ts';
import type { SetupOptions } from './steps.ts';

/** A server entry that a client's file holds, or why the file cannot be read. */
export type Held =
  | { readonly client: Client; readonly file: string; readonly entry: unknown }
  | { readonly client: Client; readonly broken: string };

/** The entries that the files of some clients hold, in the workspace and with the user. */
export async function findEntries(ground: Ground, ids: ReadonlySet<string>): Promise<readonly Held[]> {
  const places = table
    .filter(({ id }) => ids.has(id))
    .flatMap((client) => [...(client.config.workspace ?? []), ...(client.config.user ?? [])].map((place) => ({ client, place })));
  const held = await Promise.all(
    places.map(async ({ client, place }): Promise<Held | undefined> => {
      const path = resolvePlace(place, ground);
      const file = callIt(path, ground);
      try {
        const text = await readConfig(await realPlace(path), file);
        const entry = text === undefined ? undefined : readEntry(client, text, file);
        return entry === undefined ? undefined : { client, file, entry };
      } catch (error) {
        if (error instanceof GlmError) return { client, broken: messageOf(error) };
        throw error;
      }
    }),
  );
  return held.filter((one) => one !== undefined);
}

/**
 * Starts entries as their clients would, each launch once. Only those that setup wrote are started: what else a repository's file names
 * is a program of strangers. `online`: the registry may be asked about what npx would fetch.
 */
export function openTrial(
  options: Omit<SetupOptions, 'scope'>,
  online: boolean,
): (held: Held & { readonly entry: unknown }) => Promise<Start> {
  const launched = new Map<string, Promise<Start>>();
  const own = placeProgram(options.package ?? findPackage(), options).launch;
  const records = Promise.all((['workspace', 'user'] as const).map((scope) => readRecord(options.folders, options.root, scope)));
  const start = (launch: Launch) => {
    const name = JSON.stringify(launch);
    const known = launched.get(name) ?? startServer(launch, options);
    launched.set(name, known);
    return known;
  };
  return async ({ client, entry }) => {
    const version = fetchedVersion(entry);
    if (version !== undefined) return { started: false, why: await whyNotNpx(version, options, online) };
    const written = (await records).flatMap((record) => record?.files ?? []).some((file) => isDeepStrictEqual(file.entry, entry));
    const launch = launchesIn(entry).find((one) => written || isDeepStrictEqual(one, own));
    if (!launch || !isDeepStrictEqual(client.config.entry(launch), entry))
      return { started: false, why: 'it was not written by setup, so it is not tried' };
    return start(launch);
  };
}

async function whyNotNpx(version: string, ground: Ground, online: boolean): Promise<string> {
  const published = online ? await isPublished(version, ground) : 'unknown';
  if (published === false) return `npx ends in E404: the registry has no glm-skill@${version}`;
  return "npx takes what the repository's .npmrc and node_modules name, so it is not tried";
}
