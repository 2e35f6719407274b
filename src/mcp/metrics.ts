import type { IncomingMessage } from 'node:http';
import { neutralise } from '../safety/text.ts';

type Labels = Readonly<Record<string, string>>;
type Kind = 'counter' | 'gauge';

/** What is counted of a server, and told in the format of OpenMetrics 1.0. Names without `glm_skill_` and without `_total`. */
export type Metrics = {
  readonly count: (name: string, help: string, labels?: Labels, by?: number) => void;
  /** A figure that is looked up when it is asked for. */
  readonly gauge: (name: string, help: string, read: () => number) => void;
  /** A figure as it stands now. */
  readonly set: (name: string, help: string, labels: Labels, value: number) => void;
  readonly text: () => string;
};

export const metricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export function makeMetrics(): Metrics {
  const families = new Map<string, { kind: Kind; help: string; values: Map<string, number>; read?: () => number }>();
  return {
    count: (name, help, labels = {}, by = 1) => {
      const family = families.get(name) ?? { kind: 'counter', help, values: new Map<string, number>() };
      const key = labelText(labels);
      family.values.set(key, (family.values.get(key) ?? 0) + by);
      families.set(name, family);
    },
    gauge: (name, help, read) => families.set(name, { kind: 'gauge', help, values: new Map(), read }),
    set: (name, help, labels, value) => {
      const family = families.get(name) ?? { kind: 'gauge', help, values: new Map<string, number>() };
      family.values.set(labelText(labels), value);
      families.set(name, family);
    },
    text: () => {
      const lines: string[] = [];
      for (const [name, { kind, help, values, read }] of families) {
        const full = `glm_skill_${name}`;
        lines.push(`# TYPE ${full} ${kind}`, `# HELP ${full} ${help}`);
        for (const [labels, value] of read ? [['', read()] as const] : values)
          lines.push(`${full}${kind === 'counter' ? '_total' : ''}${labels} ${value}`);
      }
      return `${lines.join('\n')}\n# EOF\n`;
    },
  };
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`))}"`,
  );
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

const quietMs = 10_000;
const mostKinds = 50;
const others = 'http: refused, of other kinds';

type Refused = { readonly request: IncomingMessage; readonly from: string; readonly status: number; readonly message: string };

/** Paths that are served; whoever tries others tries many, and they are one kind. */
const served = new Set(['/mcp', '/metrics', '/health']);

/** Logs what was refused: the first of a kind at once, how many more there were every ten seconds. */
export function makeRefusalLog(write: (line: string) => void): (refused: Refused) => void {
  const more = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    for (const [line, count] of more) if (count > 0) write(`${line}: ${count} more\n`);
    more.clear();
    timer = undefined;
  };
  return ({ request: { method, url }, from, status, message }) => {
    const path = url?.split('?')[0] ?? '';
    const line = neutralise(`http: refused ${status} ${message} (${from}, ${method} ${served.has(path) ? path : 'another path'})`);
    const seen = more.get(line);
    if (seen === undefined && more.size < mostKinds) {
      more.set(line, 0);
      write(`${line}\n`);
    } else more.set(seen === undefined ? others : line, (seen ?? more.get(others) ?? 0) + 1);
    if (timer === undefined) timer = setTimeout(flush, quietMs).unref();
  };
}
