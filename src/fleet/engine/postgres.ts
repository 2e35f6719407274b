import type { Pool } from 'pg';
import { patiently } from '../patiently.ts';
import type { Store } from './store.ts';

const schema = [
  'create table if not exists glm_skill_text (name text primary key, body bytea not null, until timestamptz not null)',
  'create table if not exists glm_skill_lease (name text, holder text, until timestamptz not null, primary key (name, holder))',
  'create table if not exists glm_skill_sum (name text, entry text, amount double precision not null, at timestamptz not null default now(), primary key (name, entry))',
];
const keepsPerSweep = 256;

/** A lock that ends with the transaction makes looking and taking one step. */
const locked = "select pg_advisory_xact_lock(hashtextextended('glm-skill ' || $1, 0))";

export function postgresStore(pool: Pool): Store {
  let made: Promise<unknown> | undefined;
  let keeps = 0;
  /** Two machines that make the tables at once would trip over each other. */
  const ready = () => {
    made ??= inOne(['schema'], async (ask) => {
      for (const table of schema) await ask(table, []);
    }).catch((error: unknown) => {
      // A server that was away for a moment is asked again.
      made = undefined;
      throw error;
    });
    return made;
  };

  async function inOne<T>(
    lock: readonly string[],
    work: (ask: (sql: string, values: readonly unknown[]) => Promise<readonly unknown[][]>) => Promise<T>,
  ): Promise<T> {
    const client = await pool.connect();
    let broken = false;
    // A connection that breaks between two statements says so twice; the statement that fails is enough.
    const unheard = () => {
      broken = true;
    };
    client.on('error', unheard);
    try {
      await client.query('begin');
      await client.query(locked, [...lock]);
      const result = await work(
        async (sql, values) => (await client.query({ text: sql, values: [...values], rowMode: 'array' })).rows ?? [],
      );
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      client.off('error', unheard);
      client.release(broken);
    }
  }

  const store: Store = {
    get: async (name) => {
      await ready();
      const { rows } = await pool.query('select body from glm_skill_text where name = $1 and until > now()', [name]);
      const body: unknown = rows[0]?.body;
      return Buffer.isBuffer(body) ? body.toString() : undefined;
    },
    set: async (name, text, ttlMs) => {
      await ready();
      await pool.query(
        "insert into glm_skill_text values ($1, $2, now() + $3 * interval '1 millisecond') on conflict (name) do update set body = excluded.body, until = excluded.until",
        [name, Buffer.from(text), ttlMs],
      );
      if (keeps++ % keepsPerSweep > 0) return;
      await pool.query('delete from glm_skill_text where until < now()');
      await pool.query("delete from glm_skill_sum where at < now() - interval '3 days'");
    },
    drop: async (names) => {
      await ready();
      await pool.query('delete from glm_skill_text where name = any($1)', [[...names]]);
    },
    lease: async (name, holder, count, ttlMs) => {
      await ready();
      return inOne([name], async (ask) => {
        await ask('delete from glm_skill_lease where name = $1 and until < now()', [name]);
        const held = await ask('select holder from glm_skill_lease where name = $1', [name]);
        if (!held.some(([one]) => one === holder) && held.length >= count) return false;
        await ask(
          "insert into glm_skill_lease values ($1, $2, now() + $3 * interval '1 millisecond') on conflict (name, holder) do update set until = excluded.until",
          [name, holder, ttlMs],
        );
        return true;
      });
    },
    leave: async (name, holder) => {
      await pool.query('delete from glm_skill_lease where name = $1 and holder = $2', [name, holder]);
    },
    holders: async (name) => {
      await ready();
      const { rows } = await pool.query('select holder from glm_skill_lease where name = $1 and until > now() order by until desc', [name]);
      return rows.map(({ holder }) => String(holder));
    },
    reserve: async (name, entry, amount, cap) => {
      await ready();
      return inOne([name], async (ask) => {
        const [found] = await ask('select coalesce(sum(amount), 0) from glm_skill_sum where name = $1', [name]);
        const sum = Number(found?.[0] ?? 0);
        const fits = sum + amount <= cap + 1e-9;
        if (fits)
          await ask(
            'insert into glm_skill_sum (name, entry, amount) values ($1, $2, $3) on conflict (name, entry) do update set amount = excluded.amount',
            [name, entry, amount],
          );
        return { fits, sum };
      });
    },
    settle: async (name, entry, amount) => {
      await pool.query('update glm_skill_sum set amount = $3 where name = $1 and entry = $2', [name, entry, amount]);
    },
    weaknesses: async () => {
      const { rows } = await pool.query('show fsync');
      return rows[0]?.fsync === 'off' ? ['fsync is off: when the machine fails, jobs may be gone; set it to on'] : [];
    },
    close: () => pool.end(),
  };
  const { get, set, drop, lease, leave, holders, reserve, settle } = store;
  return {
    ...store,
    get: patient(get),
    set: patient(set),
    drop: patient(drop),
    lease: patient(lease),
    leave: patient(leave),
    holders: patient(holders),
    reserve: patient(reserve),
    settle: patient(settle),
  };
}

/** Waits for a server that is away, as the client of Redis does by itself: what is to be kept may have been paid for. */
function patient<Args extends readonly unknown[], T>(work: (...args: Args) => Promise<T>): (...args: Args) => Promise<T> {
  return (...args) => patiently(() => work(...args), { everyMs: 1_000, tries: 600, isAway });
}

/** What the server itself says of a statement is no matter of waiting, but for its going down and coming up (57…) and lost connections (08…). */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error) || /after calling end on the pool/.test(error.message)) return false;
  return !('severity' in error) || ('code' in error && /^(?:57|08)/.test(String(error.code)));
}
