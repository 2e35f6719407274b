/** One program's output inside a log. `label` is what stood before each of its lines, where something did. */
export type LogStream = { readonly label: string | undefined; readonly lines: readonly string[] };

const name = '@?[\\w.][\\w./@-]*';

/** How tools that run several programs at once mark whose line it is; the first group is the label. */
const prefixes: readonly RegExp[] = [
  // turbo: `@acme/cart:test: `, nx with prefixes alike
  new RegExp(`^(${name}[:#][\\w:.-]+): ?`),
  // pnpm -r and bun --filter: `packages/cart test: `, and `test$ ` before the command itself
  new RegExp(`^(${name} [\\w:.-]+)(?:: |:$|\\$ )`),
  // docker compose: `cart-1  | `
  /^([A-Za-z][\w.-]*?) +\| ?/,
  // concurrently, yarn workspaces, WebdriverIO, Jenkins' parallel stages: `[cart] `, `[chrome 130 linux #0-0] `, `➤ YN0000: [@acme/cart]: `
  /^(?:➤ YN\d+: )?\[(?!(?:INFO|ERROR|WARN(?:ING)?|DEBUG|FATAL|error|info|warn|success)\])([\w@.][\w@./:# -]{0,59})\]:? ?/,
  // lerna: `@acme/cart: `
  /^(@[\w.-]+\/[\w.-]+): ?/,
  // docker build: `#12 0.512 `
  /^(#\d+) \d+\.\d+ ?/,
];

/**
 * The programs of a log, each with its own lines: lines with the same label are one program's, the rest belong together. A prefix counts
 * where it stands on most of the lines between its first and its last, or several labels of one form take turns.
 */
export function splitStreams(lines: readonly string[]): LogStream[] {
  for (const prefix of prefixes) {
    const labelled = lines.map((line) => prefix.exec(line));
    const first = labelled.findIndex(Boolean);
    if (first < 0) continue;
    const last = labelled.findLastIndex(Boolean);
    const share = labelled.filter(Boolean).length / (last - first + 1);
    const counts = new Map<string, number>();
    for (const match of labelled) if (match?.[1]) counts.set(labelOf(match[1]), (counts.get(labelOf(match[1])) ?? 0) + 1);
    // Words before a colon stand everywhere; a label comes back.
    const repeated = [...counts].filter(([, count]) => count >= 3);
    if (share < 0.6 || repeated.length === 0) continue;
    return split(lines, labelled, new Set(repeated.map(([label]) => label)));
  }
  return [{ label: undefined, lines }];
}

const labelOf = (given: string) => given.trim();

function split(lines: readonly string[], labelled: readonly (RegExpExecArray | null)[], labels: ReadonlySet<string>): LogStream[] {
  const streams = new Map<string | undefined, string[]>([[undefined, []]]);
  for (const [index, line] of lines.entries()) {
    const match = labelled[index];
    const label = match?.[1] === undefined ? undefined : labelOf(match[1]);
    const known = label !== undefined && labels.has(label) ? label : undefined;
    const own = streams.get(known) ?? [];
    streams.set(known, own);
    own.push(known === undefined ? line : line.slice(match?.[0].length));
  }
  return [...streams].map(([label, own]) => ({ label, lines: own })).filter((stream) => stream.lines.length > 0);
}
