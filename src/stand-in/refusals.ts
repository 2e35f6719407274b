import { at } from '../glm/json.ts';
import type { Fault, Wire } from './wire.ts';

export function status(code: number, about: string, error: object | string, headers: Readonly<Record<string, string>> = {}): Fault {
  const send = ({ response, anthropic }: Wire) => {
    const text = typeof error === 'string' ? error : JSON.stringify(errorBody(anthropic, code, error));
    const type = typeof error === 'string' ? 'text/html' : 'application/json';
    response.writeHead(code, { 'content-type': type, ...headers }).end(text);
  };
  return { about, send };
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** An error as the surface says it: as it is, or in the shape of Anthropic. */
export function errorBody(anthropic: boolean, code: number, error: object): object {
  if (!anthropic) return error;
  const type = errorTypes[code] ?? (code < 500 ? 'invalid_request_error' : 'api_error');
  const inner = at(error, 'error');
  const told = typeof inner === 'object' ? inner : { message: inner ?? JSON.stringify(error), code: at(error, 'code') };
  return { type: 'error', error: { ...told, type } };
}

function coded(code: string, httpStatus: number, message: string): Fault {
  return status(httpStatus, `HTTP ${httpStatus} with body code ${code}`, { error: { code, message } });
}

export const page = '<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>502</h1></body></html>';

/** Faults that are an HTTP status. Codes and wording are those of Z.ai and RunAPI. */
export const refusals: Readonly<Record<string, Fault>> = {
  '400': status(400, 'bad request', { error: { code: '1214', message: 'messages is invalid' } }),
  '401': status(401, 'wrong key', { error: { message: 'invalid key', type: 'authentication_error' } }),
  '402': status(402, 'no credits', { error: 'Insufficient credits', code: 'insufficient_credits' }),
  '403': status(403, 'not allowed', { error: { message: 'forbidden' } }),
  '404': status(404, 'no such route', '<html><body>Not found</body></html>'),
  '404-model': status(404, 'no such model', { error: { message: 'The model does not exist', code: 'model_not_found' } }),
  '407': status(407, 'proxy authentication', { error: { message: 'proxy authentication required' } }),
  '409': status(409, 'conflict', { error: { message: 'conflict' } }),
  '413': status(413, 'request too large', '<html><body>Request Entity Too Large</body></html>'),
  '422': status(422, 'unprocessable', { errors: ['max_tokens is too large'] }),
  '429': status(429, 'rate limit without a code', { error: { message: 'Too many requests' } }),
  '429-seconds': status(
    429,
    'rate limit, Retry-After in seconds',
    { error: { code: '1302', message: 'Rate limit reached' } },
    { 'retry-after': '1' },
  ),
  '429-date': {
    about: 'rate limit, Retry-After as a date',
    send: (wire) => {
      const date = new Date(Date.now() + 2_000).toUTCString();
      return status(429, '', { error: { code: '1302', message: 'Rate limit reached' } }, { 'retry-after': date }).send?.(wire);
    },
  },
  '429-long': status(429, 'rate limit for an hour', { error: { code: '1302', message: 'Rate limit reached' } }, { 'retry-after': '3600' }),
  '429-negative': status(429, 'rate limit, Retry-After is no time', { error: { code: '1302', message: 'slow' } }, { 'retry-after': '-5' }),
  '500': status(500, 'server error', { error: { message: 'internal error' } }),
  '502-html': status(502, 'a web page from a proxy', page),
  '503': status(503, 'unavailable', { error: { message: 'service unavailable' } }, { 'retry-after': '0' }),
  '529': status(529, 'overloaded', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
  '1113': coded('1113', 429, 'Insufficient balance or no resource package. Please recharge.'),
  '1113-chinese': status(429, 'balance, in words alone', { error: { message: '余额不足或无可用资源包,请充值。' } }),
  '1113-wrapped': status(429, 'balance, wrapped by a gateway', {
    error: { type: 'rate_limit_error', message: '[1113][Insufficient balance]' },
  }),
  '1211': coded('1211', 400, 'Unknown Model, please check the model code.'),
  '1261': coded('1261', 400, 'Prompt exceeds max length'),
  '1210': coded('1210', 400, 'tokens in request more than max tokens allowed'),
  '1301': coded('1301', 400, 'sensitive content'),
  '1302': coded('1302', 429, 'Rate limit reached for requests'),
  '1304': coded('1304', 429, 'daily limit reached'),
  '1305': coded('1305', 503, 'The service may be temporarily overloaded'),
  '1308': coded('1308', 429, 'Usage limit reached for 5 hour. Your limit will reset at 2026-11-20 18:00:00'),
  '1310': coded('1310', 429, 'weekly limit reached'),
  capability: coded('unsupported_model_capability', 422, 'this model does not support the field'),
  'model-limit': coded('model_limit_exceeded', 422, 'max_tokens above the limit of the model'),
  'echo-key': {
    about: 'an error that repeats the key',
    send: (wire) => status(401, '', { error: { message: `Incorrect API key provided: ${wire.key}` } }).send?.(wire),
  },
  'echo-escaped': {
    about: 'an error that repeats the key in escapes',
    send: (wire) => {
      const escaped = Array.from(wire.key, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
      return status(401, '', `{"error":{"message":"Incorrect API key provided: ${escaped}"}}`).send?.(wire);
    },
  },
  redirect: {
    about: 'a redirect to another host',
    send: (wire) => status(307, '', {}, { location: `${wire.origin.replace('127.0.0.1', 'localhost')}/elsewhere` }).send?.(wire),
  },
};
