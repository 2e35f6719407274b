import { parseArgs } from 'node:util';
import { z } from 'zod';
import { GlmError } from '../errors.ts';
import { sayIssue } from '../schema/say-issue.ts';
import { UserSettings } from '../schema/settings.ts';
import { didYouMean } from './nearest.ts';

/** A flag of one verb, made from a field of its input schema, so that CLI, server and docs know the same words. */
export type Flag = {
  readonly name: string;
  readonly key: string;
  readonly type: 'string' | 'number' | 'boolean';
  readonly many: boolean;
  readonly value: string;
  readonly description: string;
};

/** Flags that every verb knows. */
const commonFlags: readonly Flag[] = [
  flag('json', 'boolean', 'print one JSON document on stdout'),
  flag('md', 'boolean', 'print the whole report as Markdown (the default where stdout is no terminal)'),
  flag('html', 'string', 'write the report here as one HTML page', 'FILE'),
  flag('ci', 'string', 'write what a CI shows into this folder: report as Markdown, HTML and SARIF, annotations, patch', 'FOLDER'),
  flag('verbose', 'boolean', 'on a terminal, the whole report below the screen'),
  flag('quiet', 'boolean', 'no progress on stderr'),
  flag('base-url', 'string', 'where GLM is served (https://runapi.ai)', 'URL'),
  flag('callback', 'string', 'post the finished report here, signed with RUNAPI_WEBHOOK_SECRET', 'URL'),
  flag('help', 'boolean', 'explain this verb'),
];

/** What verbs that reach the gateway know besides: each outranks the variable and the setting of its name. */
export const Steering = UserSettings.pick({ profile: true, surface: true, price: true });

/** All flags that a verb takes beside those of its input: scripts may give the common ones to any of them. */
export function sharedFlags({ reaches }: { readonly reaches?: boolean | undefined }): readonly Flag[] {
  return reaches ? [...commonFlags, ...flagsOf(Steering)] : commonFlags;
}

const ofReports: ReadonlySet<string> = new Set(['md', 'html', 'ci', 'verbose', 'callback']);

/** Those of them that do something for this verb: what its help lists. */
export function usefulFlags({ reaches, reports, idle = [] }: Uses): readonly Flag[] {
  const useful = ({ name }: Flag) => (ofReports.has(name) ? reports : name !== 'base-url' || reaches || reports);
  return sharedFlags({ reaches }).filter((one) => useful(one) && !idle.includes(one.name));
}

type Uses = {
  readonly reaches?: boolean | undefined;
  readonly reports?: boolean | undefined;
  readonly idle?: readonly string[] | undefined;
};

function flag(name: string, type: Flag['type'], description: string, value = ''): Flag {
  return { name, key: name.replaceAll('-', '_'), type, many: false, value, description };
}

/** The root of verbs whose positionals are something else; for all others it is the positional. */
export const rootFlag = z.string().min(1).max(4096).optional().describe('repository or folder (the current one)');

export function flagsOf(input: z.ZodObject): readonly Flag[] {
  return Object.entries(input.shape)
    .filter(([key, field]) => key !== 'root' || field === rootFlag)
    .map(([key, field]) => flagOf(key, field));
}

function flagOf(key: string, field: unknown): Flag {
  let schema = field;
  let description = '';
  const look = () => {
    if (schema instanceof z.ZodType && schema.description) description ||= schema.description;
  };
  look();
  while (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    schema = schema.unwrap();
    look();
  }
  const many = schema instanceof z.ZodArray;
  if (schema instanceof z.ZodArray) schema = schema.unwrap();
  const type = schema instanceof z.ZodNumber ? 'number' : schema instanceof z.ZodBoolean ? 'boolean' : 'string';
  const value =
    schema instanceof z.ZodEnum
      ? schema.options.join('|')
      : type === 'number'
        ? 'N'
        : type === 'boolean'
          ? ''
          : (valueNames[key] ?? 'TEXT');
  return { name: key.replaceAll('_', '-'), key, type, many, value, description };
}

const valueNames: Readonly<Record<string, string>> = {
  timeout: 'SECONDS',
  max_cost: 'USD',
  variant: 'ID',
  root: 'FOLDER',
  profile: 'NAME',
  price: 'IN/OUT[/CACHED]',
  sarif: 'FILE',
  files: 'FILE',
  glob: 'GLOB',
  job: 'ID',
  continue: 'ID',
  report: 'FILE',
  log: 'FILE',
  env: 'NAME',
  allow: 'RULE',
  language: 'TAG',
  since: 'REF',
  head: 'REF',
  diff: 'FILE',
  command: 'CMD',
  test: 'NAME',
};

export type Parsed = {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
  readonly common: {
    readonly json: boolean;
    readonly md: boolean;
    readonly html: string | undefined;
    readonly ci: string | undefined;
    readonly verbose: boolean;
    readonly quiet: boolean;
    readonly help: boolean;
    readonly baseUrl: string | undefined;
    readonly callback: string | undefined;
  };
  /** What was given of `Steering`. */
  readonly steering: Readonly<Record<string, unknown>>;
};

/** Reads the words after the verb. Unknown flags, missing values and numbers that are none are `bad_input` with one sentence. */
export function parseFlags(verb: string, words: readonly string[], flags: readonly Flag[], shared: readonly Flag[]): Parsed {
  const all = [...flags, ...shared];
  const options = Object.fromEntries(
    all.map((one) => [
      one.name,
      {
        type: one.type === 'boolean' ? ('boolean' as const) : ('string' as const),
        multiple: one.many,
        ...(one.name === 'help' && { short: 'h' }),
      },
    ]),
  );
  const { values, positionals } = parse(verb, joinNumbers(words.map(spelledOut), all), options);
  const given: Record<string, unknown> = {};
  for (const one of flags) {
    const value = values[one.name];
    if (value !== undefined) given[one.key] = one.type === 'number' ? toNumber(one.name, value) : value;
  }
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  return {
    positionals,
    values: given,
    steering: Object.fromEntries(Object.keys(Steering.shape).flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]]))),
    common: {
      json: values.json === true,
      md: values.md === true,
      html: text('html'),
      ci: text('ci'),
      verbose: values.verbose === true,
      quiet: values.quiet === true,
      help: values.help === true,
      baseUrl: text('base-url'),
      callback: text('callback'),
    },
  };
}

/** Short names that people use. */
function spelledOut(word: string): string {
  return word.replace(/^--lang(?==|$)/, '--language').replace(/^--base(?==|$)/, '--since');
}

/** `--max-cost -1` as `--max-cost=-1`, which is then refused as the number that it is. */
function joinNumbers(words: readonly string[], flags: readonly Flag[]): string[] {
  const numbers = new Set(flags.filter(({ type }) => type === 'number').map(({ name }) => `--${name}`));
  return words.flatMap((word, at) => {
    if (numbers.has(words[at - 1] ?? '') && /^-[\d.]/.test(word)) return [];
    const next = words[at + 1] ?? '';
    return [numbers.has(word) && /^-[\d.]/.test(next) ? `${word}=${next}` : word];
  });
}

type Options = Record<string, { type: 'boolean' | 'string'; multiple: boolean; short?: string }>;

function parse(verb: string, words: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(/\. |\.?\n/)[0] ?? '').replace(/\.$/, '') : '';
    const [, unknown] = /^Unknown option '--?([\w-]+)'/.exec(message) ?? [];
    const close = unknown === undefined ? undefined : didYouMean(unknown, Object.keys(options))?.replace(/(mean | or )/g, '$1--');
    const hint = `${close ? `${close} ` : ''}glm-skill ${verb} --help lists the flags.`;
    throw new GlmError('bad_input', `${verb}: ${message}.`, { hint, cause: error });
  }
}

function toNumber(name: string, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw new GlmError('bad_input', `--${name} wants a number, not ${JSON.stringify(value)}.`);
  return number;
}

/** Validates what was given against the schema; the first problem is said in one sentence with the flag as it is typed. */
export function readInput<T extends z.ZodObject>(input: T, given: Readonly<Record<string, unknown>>): z.infer<T> {
  const parsed = input.safeParse(given, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (!issue) throw new GlmError('bad_input', 'The arguments are not of the right form.');
  if (issue.code === 'unrecognized_keys')
    throw new GlmError('bad_input', `Unknown argument ${issue.keys.map((key) => `"${key}"`).join(', ')}: remove it and try again.`);
  const key = String(issue.path[0]);
  const flag = flagsOf(input).find((one) => one.key === key);
  throw new GlmError('bad_input', `${flag ? `--${flag.name}` : key.toUpperCase()} ${sayIssue(issue)}.`, {
    ...(flag && { hint: `--${flag.name}: ${flag.description}` }),
  });
}
