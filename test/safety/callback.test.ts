import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isGenuine, type Seen } from '../../src/safety/callback.ts';

const secret = Buffer.from('a secret of the account').toString('base64');
const nowMs = 1_790_000_000_000;
const body = Buffer.from('{"id":"t1","status":"completed"}');

function signed(change: { id?: string; time?: string; body?: Buffer; secret?: string } = {}) {
  const { id = 'b7e1', time = String(nowMs / 1000), body: bytes = body, secret: own = secret } = change;
  const signature = createHmac('sha256', Buffer.from(own, 'base64')).update(`${id}.${time}.`).update(bytes).digest('base64');
  return { 'x-callback-id': id, 'x-callback-timestamp': time, 'x-callback-signature': signature };
}
const check = (headers: Record<string, string | undefined>, seen: Seen = new Map(), secrets = [secret], bytes: Uint8Array = body) =>
  isGenuine({ body: bytes, headers, secrets, nowMs, seen });

describe('a callback', () => {
  it('is taken once', () => {
    const seen: Seen = new Map();
    expect(check(signed(), seen)).toBe(true);
    expect(check(signed(), seen)).toBe(false);
    expect(check(signed({ id: 'other' }), seen)).toBe(true);
  });

  it('may be signed with the secret before the current one', () => {
    expect(check(signed(), new Map(), [Buffer.from('new').toString('base64'), secret])).toBe(true);
  });

  it.each([
    ['another secret', signed({ secret: Buffer.from('guess').toString('base64') })],
    ['an old time', signed({ time: String(nowMs / 1000 - 301) })],
    ['a time to come', signed({ time: String(nowMs / 1000 + 301) })],
    ['a time that is no number', signed({ time: 'NaN' })],
    ['no signature', { ...signed(), 'x-callback-signature': undefined }],
    ['an empty signature', { ...signed(), 'x-callback-signature': '' }],
    ['a cut signature', { ...signed(), 'x-callback-signature': signed()['x-callback-signature'].slice(0, 20) }],
    ['another id', { ...signed(), 'x-callback-id': 'b7e2' }],
  ])('with %s is refused', (_name, headers) => expect(check(headers)).toBe(false));

  it('with another body, or without a secret on our side, is refused', () => {
    expect(check(signed(), new Map(), [secret], Buffer.from('{}'))).toBe(false);
    expect(check(signed({ secret: '' }), new Map(), [''])).toBe(false);
    expect(check(signed(), new Map(), [])).toBe(false);
  });

  it('forgets old ids, so that the cache does not grow', () => {
    const seen: Seen = new Map([['old', nowMs / 1000 - 1]]);
    check(signed(), seen);
    expect([...seen.keys()]).toEqual(['b7e1']);
  });
});
