import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * What an answer says to the letter, read by other means than ours: git applies its diff, its blocks are replaced as text where each
 * stands once, its one fence is the file. Undefined: to the letter it says nothing that can be done.
 */
export function literal(path: string, before: string, answer: string): string | undefined {
  return replaced(before, answer) ?? written(answer) ?? appliedByGit(path, before, answer);
}

function replaced(before: string, answer: string): string | undefined {
  const blocks = [...answer.matchAll(/^<{7} SEARCH\n((?:.*\n)*?)={7}\n((?:.*\n)*?)>{7} REPLACE$/gm)];
  if (blocks.length === 0 || answer.includes('\r')) return undefined;
  const whole = `\n${before}${before.endsWith('\n') ? '' : '\n'}`;
  const spots = blocks.map(([, search = '', replace = '']) => ({ at: whole.indexOf(`\n${search}`), search, replace }));
  const once = spots.every(({ at, search }) => search !== '' && at !== -1 && whole.indexOf(`\n${search}`, at + 1) === -1);
  const sorted = spots.sort((a, b) => a.at - b.at);
  if (!once || sorted.some(({ at }, place) => place > 0 && at < (sorted[place - 1]?.at ?? 0) + (sorted[place - 1]?.search.length ?? 0)))
    return undefined;
  const made = sorted.reduceRight(
    (text, { at, search, replace }) => text.slice(0, at + 1) + replace + text.slice(at + 1 + search.length),
    whole,
  );
  const inner = made.slice(1);
  return before.endsWith('\n') ? inner : inner.replace(/\n$/, '');
}

function written(answer: string): string | undefined {
  const fences = [...answer.matchAll(/^(`{3,})[^\n`]*\n((?:.*\n)*?)\1$/gm)];
  return fences.length === 1 && !/^(?:<{7}|@@|\*\*\* |---|\+\+\+)/m.test(answer) ? fences[0]?.[2] : undefined;
}

function appliedByGit(path: string, before: string, answer: string): string | undefined {
  const diff = /^(?:diff --git |--- a\/)[\s\S]*/m.exec(answer)?.[0];
  if (diff === undefined) return undefined;
  const home = mkdtempSync(join(tmpdir(), 'literal-'));
  try {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), before);
    const run = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: home, input: diff, stdio: ['pipe', 'ignore', 'ignore'] });
    return run.status === 0 ? readFileSync(join(home, path), 'utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
