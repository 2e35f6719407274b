import type { Call } from '../coverage/call.ts';
import { group } from './calls.ts';

/** Hides secrets in a text; the name before a value says what it is. */
export type Hide = (text: string) => string;

/** Names and shapes beside which it is worth to look whether a value is a secret. */
const telling = /pass|pwd|phrase|secret|token|key|cred|auth|salt|sign|cookie|session|private|bearer/i;
const literal = /"((?:[^"\\]|\\.){6,})"/g;

/** Values of a call with the names that they go by; what a function gives goes by its own: `getPassword` gives a password. */
function named({ name, args, gave, threw }: Call): (readonly [string, string])[] {
  const result =
    (name.split(/[ .]/).at(-1) ?? '').replace(/^(?:get|read|load|fetch|find|make|create|decrypt)_?(?=[A-Za-z])/, '') || 'result';
  return [
    ...args.map(([label, value]) => [label || 'value', value] as const),
    ...(gave === undefined ? [] : [[result, gave] as const]),
    ...(threw === undefined ? [] : [['error', threw] as const]),
  ];
}

/**
 * Calls as they may be shown. What is a secret under its name in one call is hidden in all of them, where it may have no name or another.
 */
export function hiding(calls: readonly Call[], hide: Hide): (call: Call) => Call {
  const known = new Set<string>();
  const pairs = calls.flatMap((call) => [...named(call), ['self', call.self ?? ''] as const]);
  for (const text of group(
    pairs.map(([name, value]) => `${name}: ${value}`),
    (one) => one,
  ).keys()) {
    if (!telling.test(text)) continue;
    const said = hide(text);
    if (said !== text) for (const [whole, inner = ''] of text.matchAll(literal)) if (!said.includes(whole)) known.add(inner);
  }
  const secrets = [...known].sort((a, b) => b.length - a.length);
  const plain = (name: string, value: string) => {
    const said = hide(`${name}: ${value}`);
    const rest = said.startsWith(`${name}: `) ? said.slice(name.length + 2) : said;
    return secrets.reduce((text, secret) => text.replaceAll(secret, '<hidden>'), rest);
  };
  return (call) => {
    const values = named(call).map(([name, value]) => plain(name, value));
    const [result] = values.slice(call.args.length);
    return {
      ...call,
      args: call.args.map(([label], at) => [label, values[at] ?? ''] as const),
      ...(call.gave !== undefined && { gave: result }),
      ...(call.threw !== undefined && { threw: result }),
      ...(call.self !== undefined && { self: plain('self', call.self) }),
    };
  };
}
