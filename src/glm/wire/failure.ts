import { type ErrorCode, GlmError } from '../../errors.ts';
import { at, parseJson, textAt } from '../json.ts';

/** An answer that is no reply: an HTTP status, or an error inside a 200. `headers` has lower-case names. */
export type Failure = { readonly status: number; readonly headers: Headers; readonly body: string };

/** What to do about a failure. `outcome`: it is something the model or its window did, hence data. */
export type Verdict =
  | { readonly do: 'retry'; readonly waitMs: number | undefined; readonly error: GlmError }
  | { readonly do: 'throw'; readonly error: GlmError }
  | { readonly do: 'outcome'; readonly outcome: 'filtered' | 'context_exceeded'; readonly message: string };

type Meaning =
  | 'auth'
  | 'credits'
  | 'request'
  | 'variant'
  | 'filtered'
  | 'too_long'
  | 'busy'
  | 'overloaded'
  | 'quota'
  | 'temporary'
  | 'proxy'
  | 'gateway';

/** Body codes outrank the status: 1113 (no balance) and 1308 (window used up) both come as 429. Source: docs.z.ai api-code, RunAPI. */
const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [/^(100[0-4]|111[0-2]|112[01]|122[0-2]|invalid_api_key|authentication_error|permission_error|unauthorized)$/, 'auth'],
  [/^(1113|insufficient_(quota|credits|balance)|billing_.*)$/, 'credits'],
  [/^(1211|model_not_found)$/, 'variant'],
  [/^(1261|context_length_exceeded|model_context_window_exceeded|request_too_large)$/, 'too_long'],
  [/^(130[01]|content_filter|content_policy_violation)$/, 'filtered'],
  [/^(1302|1303|rate_limit_exceeded|rate_limit_error|concurrency_limit.*)$/, 'busy'],
  [/^(1305|overloaded_error|server_overloaded)$/, 'overloaded'],
  [/^(1304|1308|1309|1310)$/, 'quota'],
  [/^(1230|1234)$/, 'temporary'],
  [/^(1200|121[0-5]|1231|unsupported_model_capability|model_limit_exceeded)$/, 'request'],
];

const tooLongText =
  /prompt (exceeds|is too long|too long)|tokens in request more than max|context (length|window)|maximum context|too many (input )?tokens/i;

/**
 * Tells one failure from another: body code first, then the words for a full window, then the status. `scrub` takes the key out of what
 * the gateway says, once it is decoded. Source: facts of 2026-11-20.
 */
export function judgeFailure(failure: Failure, now: number, scrub: (text: string) => string): Verdict {
  const { code, message } = readBody(failure.body, (text) => clip(scrub(text)));
  // Inside a stream the status of the model's own server can only be said as a code.
  const status = failure.status === 200 && /^[45]\d\d$/.test(code ?? '') ? Number(code) : failure.status;
  const meaning = meaningOf(status, code, message);
  const said = `${failure.status === 200 ? 'an error inside the reply' : `HTTP ${failure.status}`}${code ? ` [${code}]` : ''}${message ? `: ${message}` : ''}`;
  if (meaning === 'filtered' || meaning === 'too_long') {
    return { do: 'outcome', outcome: meaning === 'filtered' ? 'filtered' : 'context_exceeded', message: said };
  }
  const error = new GlmError(errorCodes[meaning], sentences[meaning](said), { hint: hintOf(meaning, failure, now) });
  const again = meaning === 'busy' || meaning === 'overloaded' || meaning === 'temporary';
  return again ? { do: 'retry', waitMs: retryAfterMs(failure.headers, now), error } : { do: 'throw', error };
}

function meaningOf(status: number, code: string | undefined, message: string): Meaning {
  const tooLong = tooLongText.test(message);
  const known = meanings.find(([pattern]) => code !== undefined && pattern.test(code))?.[1];
  if (known === 'request' && tooLong) return 'too_long';
  if (known) return known;
  if (status === 401 || status === 403) return 'auth';
  if (status === 402) return 'credits';
  if (status === 407) return 'proxy';
  if (status === 413) return 'too_long';
  if (status === 404) return /model/i.test(message) ? 'variant' : 'gateway';
  if (status === 429) return /balance|insufficient|arrears|recharge|余额|欠费/i.test(message) ? 'credits' : 'busy';
  if (status === 408 || status === 425 || status >= 500) return status === 501 || status === 505 ? 'gateway' : 'temporary';
  if (tooLong) return 'too_long';
  if (status >= 400) return 'request';
  return status === 200 ? 'temporary' : 'gateway';
}

const errorCodes: Readonly<Record<Exclude<Meaning, 'filtered' | 'too_long'>, ErrorCode>> = {
  auth: 'auth',
  credits: 'credits',
  request: 'request_rejected',
  variant: 'unknown_variant',
  busy: 'rate_limited',
  overloaded: 'rate_limited',
  quota: 'rate_limited',
  temporary: 'gateway_failed',
  proxy: 'unreachable',
  gateway: 'gateway_failed',
};

const sentences: Readonly<Record<keyof typeof errorCodes, (said: string) => string>> = {
  auth: (said) => `The gateway does not accept the key (${said}).`,
  credits: (said) => `The account has no balance left (${said}).`,
  request: (said) => `The gateway rejects the request (${said}).`,
  variant: (said) => `The gateway does not serve this variant (${said}).`,
  busy: (said) => `Too many requests at once (${said}).`,
  overloaded: (said) => `The model is overloaded (${said}).`,
  quota: (said) => `A quota of the account is used up (${said}).`,
  temporary: (said) => `The gateway failed (${said}).`,
  proxy: (said) => `A proxy on the way asks who you are (${said}).`,
  gateway: (said) => `This does not look like the API of a gateway (${said}).`,
};

function hintOf(meaning: keyof typeof errorCodes, failure: Failure, now: number): string {
  const waitMs = retryAfterMs(failure.headers, now);
  const later = waitMs === undefined ? 'Try again later.' : `Try again in ${Math.ceil(waitMs / 1000)} s.`;
  const location = failure.headers.get('location');
  if (location && failure.status < 400)
    return `The gateway redirects to ${originOf(location)}; nothing is sent there unless --base-url names it.`;
  switch (meaning) {
    case 'auth':
      return 'Check the key: glm-skill doctor names where it came from. A key for a host of your own is GLM_API_KEY.';
    case 'credits':
      return 'Top up the account; failed requests are not charged.';
    case 'variant':
      return 'glm-skill variants lists what can be asked.';
    case 'request':
      if (failure.status === 409) return 'An equal request is under way there: try again when it has ended.';
      return 'Nothing was dropped and sent again silently: see what the gateway says.';
    case 'proxy':
      return 'Put its name and password into the proxy variable: http://NAME:PASSWORD@HOST:PORT.';
    case 'gateway':
      return 'Check --base-url or RUNAPI_BASE_URL: it is the address without /v1.';
    default:
      return later;
  }
}

function originOf(location: string): string {
  return URL.canParse(location) ? new URL(location).origin : 'another path';
}

/** Milliseconds that the gateway asks to wait: `retry-after-ms`, seconds or an HTTP date. */
function retryAfterMs(headers: Headers, now: number): number | undefined {
  const exact = Number(headers.get('retry-after-ms') || Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  // A bare number is no date, whatever Date.parse makes of it.
  const date = /[a-z]{3}/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Code and message of an error body in any of the shapes that gateways use. A web page has neither. */
function readBody(body: string, tidy: (text: string) => string): { readonly code: string | undefined; readonly message: string } {
  const json = parseJson(body);
  if (json === undefined) return { code: undefined, message: /^\s*</.test(body) ? 'a web page' : tidy(body) };
  const error = at(json, 'error');
  const message =
    textAt(error, 'message') ??
    textAt(error, 'detail') ??
    (typeof error === 'string' ? error : undefined) ??
    textAt(json, 'errors', 0) ??
    textAt(json, 'errors', 0, 'message') ??
    textAt(json, 'message') ??
    textAt(json, 'detail') ??
    textAt(json, 'errorMessage') ??
    textAt(json, 'msg') ??
    '';
  const wrapped = /^\s*\[(\d{3,4})\]/.exec(message)?.[1];
  const code = wrapped ?? word(at(error, 'code')) ?? word(at(json, 'code')) ?? word(at(error, 'type'));
  return { code: code && tidy(code), message: tidy(message) };
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

/** One line without marks that could steer a terminal. */
function clip(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
