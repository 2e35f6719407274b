import type { Failure, FailureGroup, TestRun } from '../schema/run.ts';
import { environmentCause } from './environment.ts';
import { silent } from './failure.ts';
import type { Read } from './manifests.ts';

const maxIds = 100;

type Kind = FailureGroup['kind'];
type Look = {
  readonly read: Read;
  /** Name of the script that ran the file, where one did. */
  readonly script?: ((file: string) => string | undefined) | undefined;
  /** Files that the user or the last commit changed. */
  readonly changed?: ReadonlySet<string> | undefined;
};

/**
 * Failures by shared cause: tests in changed files first, time-outs last, between them integration tests, then end-to-end, then unit;
 * inside a kind the larger group first. What the environment lacks comes after all that the code may have done.
 */
export function groupFailures(run: Pick<TestRun, 'failures'>, look: Look): FailureGroup[] {
  const byCause = new Map<string, Failure[]>();
  for (const failure of run.failures) {
    const cause = causeKey(failure);
    const group = byCause.get(cause);
    if (group) group.push(failure);
    else byCause.set(cause, [failure]);
  }
  const kinds = new Map<string, { kind: Kind; why: string }>();
  const groups = [...byCause.values()].flatMap((failures): FailureGroup[] => {
    const first = [...failures].sort(byWorth)[0];
    if (!first) return [];
    const file = first.file ?? '';
    const classed = kinds.get(file) ?? classify(first, look);
    kinds.set(file, classed);
    const environment = environmentCause(first, look.read);
    return [
      {
        cause: causeText(first),
        count: failures.length,
        ...classed,
        ...(environment && { environment: environment.why, ...(environment.notInstalled && { notInstalled: true }) }),
        first,
        ids: failures.slice(0, maxIds).map(({ id }) => id),
      },
    ];
  });
  const outer = ({ environment }: FailureGroup) => (environment ? 1 : 0);
  const files = new Map(run.failures.map(({ id, file }) => [id, file]));
  const touched = ({ ids }: FailureGroup) => (ids.some((id) => look.changed?.has(files.get(id) ?? '')) ? 1 : 0);
  return groups.sort(
    (a, b) =>
      outer(a) - outer(b) ||
      touched(b) - touched(a) ||
      late(a) - late(b) ||
      rank[a.kind] - rank[b.kind] ||
      loaded(b) - loaded(a) ||
      b.count - a.count ||
      order(a.first.id, b.first.id),
  );
}

const rank = { integration: 0, e2e: 1, unit: 2 } as const;
/** What ran out of time says least, and often follows from another fault. */
const late = ({ first }: FailureGroup) => (first.kind === 'timeout' ? 1 : 0);
/** A file that cannot be loaded hides all of its tests. */
const loaded = ({ first }: FailureGroup) => (first.kind === 'load' ? 1 : 0);
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The failure that says most: one with frames and a comparison. */
function byWorth(a: Failure, b: Failure): number {
  const worth = (one: Failure) => (one.frames.length > 0 ? 2 : 0) + (one.expected !== undefined ? 1 : 0);
  return worth(b) - worth(a);
}

/** Same error at the same place. Numbers, addresses and quoted values differ between tests of one cause. */
function causeKey(failure: Failure): string {
  const message = (failure.message.split('\n').find((line) => line.trim()) ?? '').slice(0, 300);
  const shape = message
    .replace(/0x[\da-f]+/gi, '#')
    .replace(/\d+/g, '#')
    .replace(/(["'`]).*?\1/g, '""');
  // The innermost frame outside the test file names the fault; without one, the line of the test does.
  const place = failure.frames.find((frame) => frame.file !== failure.file) ?? failure.frames[0];
  if (place) return [failure.kind, shape, `${place.file}:${place.line}`].join('\n');
  // Without a place only the same words about a fault are one cause: what differs between comparisons is all that they say.
  if (failure.kind === 'assertion' || message.length < 12 || message === silent) return failure.id;
  return [failure.kind, message, failure.kind === 'timeout' ? failure.file : ''].join('\n');
}

function causeText(failure: Failure): string {
  const [said = 'no message', more] = failure.message
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const message = (said.endsWith(':') && more ? `${said} ${more}` : said).slice(0, 200);
  const place = failure.frames.find((frame) => frame.file !== failure.file) ?? failure.frames[0];
  return place ? `${message} (${place.file}:${place.line})` : message;
}

const paths: readonly (readonly [RegExp, Kind])[] = [
  [/(?:^|[/._-])(?:e2e|end-?to-?end|playwright|cypress|browser-?tests?|acceptance|system-?tests?|smoke)(?:[/._-]|$)/i, 'e2e'],
  [
    /(?:^|[/._-])(?:integration|integrations|integ|int|it|functional|api-?tests?|contract|component)(?:[/._-]|$)|Integration(?:Tests?)?\.|IT\.java$/i,
    'integration',
  ],
  [/(?:^|[/._-])units?(?:[/._-]|$)/i, 'unit'],
];

const drivers =
  /['"](?:@playwright\/test|playwright|puppeteer|selenium-webdriver|cypress|webdriverio)['"]|\bfrom (?:playwright|selenium)\b|import (?:playwright|selenium)\b/;
const io: readonly (readonly [RegExp, string])[] = [
  [
    /['"](?:supertest|request|got|axios|undici|nock|msw|node-fetch)['"]|\bfetch\(|\.inject\(|\bhttptest\.|\bTestClient\(|requests\.(?:get|post)|http\.client|\.listen\(|createServer\(/,
    'HTTP',
  ],
  [
    /['"](?:pg|mysql2?|sqlite3|better-sqlite3|mongodb|mongoose|redis|ioredis|knex|sequelize|typeorm|@prisma\/client|testcontainers)['"]|\b(?:psycopg2?|sqlalchemy|pymongo|redis)\b|database\/sql|node:sqlite/,
    'a database',
  ],
  [/['"](?:node:)?child_process['"]|\bexeca\b|\bsubprocess\b|os\/exec|spawn(?:Sync)?\(/, 'child processes'],
  [/mkdtemp|tmp_path|t\.TempDir\(|tempfile\.|os\.tmpdir\(|writeFileSync?\(/, 'files'],
  [/['"](?:node:)?(?:net|dgram|tls|http2)['"]|new WebSocket|\bsocket\b|net\.Listen/, 'sockets'],
];

/** What sort of test a failure is, by path, project, the I/O it does and how much of the repository it imports. */
function classify(failure: Failure, { read, script }: Look): { kind: Kind; why: string } {
  const file = failure.file ?? failure.package ?? '';
  for (const [shape, kind] of paths) if (shape.test(file)) return { kind, why: `its path says ${kind}` };
  const named = script?.(file);
  if (named) for (const [shape, kind] of paths) if (shape.test(named)) return { kind, why: `it runs in "${named}"` };
  if (/\b(?:integration|end.to.end|e2e)\b/i.test(failure.name))
    return { kind: /e2e|end.to.end/i.test(failure.name) ? 'e2e' : 'integration', why: 'its name says so' };
  const text = failure.file ? read(failure.file) : undefined;
  if (!text) return { kind: 'unit', why: 'nothing says otherwise' };
  if (drivers.test(text)) return { kind: 'e2e', why: 'it drives a browser' };
  const uses = io.filter(([shape]) => shape.test(text)).map(([, what]) => what);
  const modules = new Set([...text.matchAll(/(?:from|require\(|import\(?)\s*['"](\.[^'"]+)['"]/g)].map(([, path]) => path));
  const outside = uses.filter((what) => what !== 'files');
  if (outside.length > 0) return { kind: 'integration', why: `it uses ${uses.join(' and ')}` };
  if (modules.size >= 5) return { kind: 'integration', why: `it imports ${modules.size} modules of the repository` };
  return { kind: 'unit', why: uses.length > 0 ? 'it uses files only' : 'it uses no I/O' };
}
