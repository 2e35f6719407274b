import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import type { Client } from './clients.ts';
import { type Edited, edit, plainData, unedited } from './edit/edits.ts';
import { appendJson, filterJson, type Json, readJson, removeJson, setJson } from './edit/json.ts';
import { readToml, removeToml, setToml } from './edit/toml.ts';
import { readYaml, removeYaml, setYaml } from './edit/yaml.ts';
import type { Entry } from './entries.ts';

/** Reads and writes one client's form. `name` is the file in messages. All but `create` throw `config_invalid` for a broken file. */
type Form = {
  readonly create: (client: Client, entry: Entry) => string;
  readonly read: (client: Client, text: string, name: string) => unknown;
  readonly set: (client: Client, entry: Entry, edited: Edited, name: string) => Edited;
  readonly drop: (client: Client, edited: Edited, name: string) => Edited;
  /** What is left, as plain data: decides whether a file that setup made is empty again. */
  readonly rest: (text: string, name: string) => unknown;
};

const json: Form = {
  create: ({ config }, entry) => {
    const whole = config.path.reduceRight<Json>((inner, key) => ({ [key]: inner }), entry);
    const appended = config.append ? { [config.append.path.join('.')]: [config.append.value] } : {};
    return `${JSON.stringify({ ...config.head, ...(typeof whole === 'object' && whole), ...appended }, null, 2)}\n`;
  },
  read: ({ config }, text, name) => readJson(text, config.path, name),
  set: ({ config }, entry, edited, name) => {
    const set = setJson(edited, config.path, entry, name);
    if (!config.append) return set;
    const { path, value } = config.append;
    const list = readJson(set.text, path, name);
    return Array.isArray(list) && list.some((element) => hasId(element, value.id)) ? set : appendJson(set, path, value, name);
  },
  drop: ({ config }, edited, name) => {
    const dropped = removeJson(edited, config.path, name);
    if (!config.append) return dropped;
    const { path, value } = config.append;
    return filterJson(dropped, path, (element) => isDeepStrictEqual(plainData(element), value), name);
  },
  rest: (text, name) => readJson(text, [], name),
};

const toml: Form = {
  create: (client, entry) => setToml(unedited(''), client.config.path, entry, '').text,
  read: ({ config }, text, name) => readToml(text, config.path, name),
  set: ({ config }, entry, edited, name) => setToml(edited, config.path, entry, name),
  drop: ({ config }, edited, name) => removeToml(edited, config.path, name),
  rest: (text, name) => readToml(text, [], name),
};

const yaml: Form = {
  create: (client, entry) => setYaml(unedited(''), pair(client), entry, '').text,
  read: (client, text, name) => readYaml(text, client.config.path, name),
  set: (client, entry, edited, name) => setYaml(edited, pair(client), entry, name),
  drop: (client, edited, name) => removeYaml(edited, pair(client), name),
  rest: (text, name) => readYaml(text, [], name),
};

const ownFile: Form = {
  create: (_client, entry) => stringify(entry),
  read: (_client, text) => {
    try {
      return parse(text) ?? undefined;
    } catch {
      return text;
    }
  },
  set: (_client, entry, edited) => edit(edited, { offset: 0, removed: edited.text, inserted: stringify(entry) }),
  drop: (_client, edited) => edit(edited, { offset: 0, removed: edited.text, inserted: '' }),
  rest: (text) => (text === '' ? {} : text),
};

const forms = { json, toml, yaml, own_file: ownFile } as const satisfies Record<Client['config']['format'], Form>;

export function createConfig(client: Client, entry: Entry): string {
  return forms[client.config.format].create(client, entry);
}

/** The entry as it stands in the file. Undefined: none, or nothing but blanks in the file. */
export function readEntry(client: Client, text: string, name: string): unknown {
  return isBlank(text) ? undefined : plainData(forms[client.config.format].read(client, text, name));
}

export function setEntry(client: Client, entry: Entry, text: string, name: string): Edited {
  if (isBlank(text)) return edit(unedited(text), { offset: text.length, removed: '', inserted: createConfig(client, entry) });
  return forms[client.config.format].set(client, entry, unedited(text), name);
}

/** The keys at the top of the file that setting the entry would add. */
export function keysMade(client: Client, text: string, name: string): readonly string[] {
  const keys = [client.config.path, client.config.append?.path ?? []].flatMap(([key]) => key ?? []);
  if (isBlank(text)) return keys;
  const whole = forms[client.config.format].rest(text, name);
  return keys.filter((key) => typeof whole !== 'object' || whole === null || !(key in whole));
}

/** Takes the entry out, and those of the keys `made` that are left empty. */
export function dropEntry(client: Client, text: string, made: readonly string[], name: string): string {
  let result = forms[client.config.format].drop(client, unedited(text), name);
  if (client.config.format !== 'json') return result.text;
  for (const key of made) {
    const value = readJson(result.text, [key], name);
    if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) result = removeJson(result, [key], name);
  }
  return result.text;
}

/** True when nothing is left but marks of the format (`$schema`, `$version`), which setup or the client itself puts there. */
export function isEmptyConfig(client: Client, text: string, name: string): boolean {
  if (isBlank(text)) return true;
  const rest = forms[client.config.format].rest(text, name);
  return rest === null || (typeof rest === 'object' && Object.keys(rest).every((key) => key.startsWith('$')));
}

const isBlank = (text: string) => text.replace(/^\uFEFF/, '').trim() === '';

function hasId(element: unknown, id: string): boolean {
  return typeof element === 'object' && element !== null && 'id' in element && element.id === id;
}

function pair({ config }: Client): readonly [string, string] {
  const [top = '', key = ''] = config.path;
  return [top, key];
}
