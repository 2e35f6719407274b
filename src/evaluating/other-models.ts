import { GlmError } from '../errors.ts';
import { strangeVariant } from '../glm/money/variants.ts';
import type { Variant } from '../schema/model.ts';

/** A further model: its name, where it is served, and what it costs as far as that was said. */
export type Also = { readonly variant: Variant; readonly url: string; readonly local: boolean };

/** Reads `NAME=URL` or `NAME=URL,IN/OUT`, in USD per 1M tokens. What runs on this machine costs nothing. Throws `bad_input`. */
export function readAlso(text: string): Also {
  const [, name = '', url = '', input, output] = /^([^=]+)=([^\s,]+)(?:,([\d.]+)\/([\d.]+))?$/.exec(text) ?? [];
  if (!URL.canParse(url))
    throw new GlmError('bad_input', `--also: ${JSON.stringify(url)} is no URL.`, { hint: 'NAME=URL, such as qwen3=http://127.0.0.1:8000' });
  const local = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
  const told = input === undefined || output === undefined ? (local ? [0, 0] : undefined) : [Number(input), Number(output)];
  const variant = strangeVariant(name);
  if (!told) return { variant, url, local };
  const [paidIn = 0, paidOut = 0] = told;
  const prices = {
    ...variant.prices,
    input: paidIn,
    output: paidOut,
    cacheRead: paidIn,
    cacheWrite: 0,
    source: input === undefined ? 'served on this machine' : 'given with --also',
  };
  return { variant: { ...variant, provider: new URL(url).host, prices }, url, local };
}
