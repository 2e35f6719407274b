import type { Redis } from 'ioredis';
import type { Store } from './store.ts';

const prefix = 'glm-skill:';
const dayMs = 86_400_000;

/** Leases are members of a sorted set, scored by the server's own clock: one clock for all machines. */
const leaseScript = `
local now = redis.call('TIME'); local ms = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ms)
if redis.call('ZSCORE', KEYS[1], ARGV[1]) or redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('ZADD', KEYS[1], ms + tonumber(ARGV[3]), ARGV[1])
  redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[3]) * 2)
  return 1
end
return 0`;

const reserveScript = `
local sum = 0
for _, one in ipairs(redis.call('HVALS', KEYS[1])) do sum = sum + tonumber(one) end
local fits = sum + tonumber(ARGV[2]) <= tonumber(ARGV[3]) + 1e-9
if fits then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
return { fits and 1 or 0, tostring(sum) }`;

export function redisStore(redis: Redis): Store {
  return {
    get: async (name) => (await redis.get(prefix + name)) ?? undefined,
    set: async (name, text, ttlMs) => {
      await redis.set(prefix + name, text, 'PX', ttlMs);
    },
    drop: async (names) => {
      if (names.length > 0) await redis.unlink(...names.map((name) => prefix + name));
    },
    lease: async (name, holder, count, ttlMs) => (await redis.eval(leaseScript, 1, `${prefix}lease:${name}`, holder, count, ttlMs)) === 1,
    leave: async (name, holder) => {
      await redis.zrem(`${prefix}lease:${name}`, holder);
    },
    holders: async (name) => redis.zrange(`${prefix}lease:${name}`, 0, -1, 'REV'),
    reserve: async (name, entry, amount, cap) => {
      const answer = await redis.eval(reserveScript, 1, `${prefix}sum:${name}`, entry, amount, cap, 3 * dayMs);
      const [fits, sum] = Array.isArray(answer) ? answer : [];
      return { fits: fits === 1, sum: Number(sum) };
    },
    settle: async (name, entry, amount) => {
      await redis.hset(`${prefix}sum:${name}`, entry, amount);
    },
    weaknesses: async () => {
      const setting = async (name: string) => {
        const found = await redis.config('GET', name).catch(() => []);
        return Array.isArray(found) ? String(found[1] ?? '') : '';
      };
      const policy = await setting('maxmemory-policy');
      const append = await setting('appendonly');
      return [
        ...(policy !== '' && policy !== 'noeviction'
          ? [`maxmemory-policy is ${policy}: under pressure jobs vanish; set it to noeviction`]
          : []),
        ...(append === 'no' ? ['appendonly is no: when the server is killed, all jobs are gone; set it to yes'] : []),
      ];
    },
    close: async () => {
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}
