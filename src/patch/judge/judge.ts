import type { FileChange, Refusal } from '../../schema/patch.ts';
import { pathProblem } from '../read/path.ts';
import { guardedText } from './guarded-keys.ts';
import { isTestName, rules } from './rules.ts';

export type Rules = {
  /** Was this file collected by the runner, or is it imported only by tests? */
  readonly isTest: (path: string) => boolean;
  /** Rules that the user lifts by name. */
  readonly allow: readonly string[];
  /** What stands at a path: asked for the path and each folder above it. */
  readonly look?: ((path: string) => 'file' | 'folder' | 'link' | 'submodule' | 'missing') | undefined;
  /** All paths of the repository, for names that differ by case alone. */
  readonly paths?: Iterable<string> | undefined;
};

const maxFiles = 40;
const maxFileBytes = 1 << 20;
const maxTotalBytes = 4 << 20;

/** Judges planned files before one of them is written. No refusal: the change may be tried in the worktree. */
export function judge(changes: readonly FileChange[], under: Rules): Refusal[] {
  const folded = new Map([...(under.paths ?? [])].map((path) => [fold(path), path]));
  const refusals = changes.flatMap((change) => judgeOne(change, under, folded));
  return [...refusals, ...sizes(changes)].filter((refusal) => !under.allow.includes(refusal.rule) || isFixed(refusal.rule));
}

function judgeOne(change: FileChange, under: Rules, folded: ReadonlyMap<string, string>): Refusal[] {
  const { path } = change;
  const refuse = (rule: string, message: string): Refusal => ({ path, rule, message: `${path} ${message}.` });
  const problem = pathProblem(path, under.look?.(path) === 'file');
  if (problem) return [refuse(problem.rule, problem.message)];
  const behind = standing(path, under);
  if (behind) return [refuse(behind.rule, behind.message)];
  const other = folded.get(fold(path));
  if (other !== undefined && other !== path && change.before === null) return [refuse('path_case', `differs from ${other} by case alone`)];
  const name = path.slice(path.lastIndexOf('/') + 1);
  const found = rules.filter((rule) => rule.applies(path, name)).map((rule) => refuse(rule.name, rule.message));
  if (under.isTest(path) || isTestName(path)) found.push(refuse('tests', 'is a test or belongs to the tests'));
  if (isBinary(change.before) || isBinary(change.after)) found.push(refuse('binary', 'is not text'));
  const guarded = guardedText(path, change);
  if (guarded) found.push(refuse(guarded.rule, guarded.message));
  return found;
}

/** Links are not followed: what they lead to may lie outside. */
function standing(path: string, { look }: Rules): { rule: string; message: string } | undefined {
  if (!look) return undefined;
  const parts = path.split('/');
  for (let depth = 1; depth < parts.length; depth++) {
    const above = look(parts.slice(0, depth).join('/'));
    if (above === 'link') return { rule: 'symlink', message: `lies behind the symbolic link ${parts.slice(0, depth).join('/')}` };
    if (above === 'submodule') return { rule: 'submodule', message: 'lies in a submodule' };
    if (above === 'file') return { rule: 'path_invalid', message: `lies below ${parts.slice(0, depth).join('/')}, which is a file` };
  }
  const there = look(path);
  if (there === 'link') return { rule: 'symlink', message: 'is a symbolic link' };
  if (there === 'folder' || there === 'submodule') return { rule: 'path_invalid', message: 'is a folder' };
  return undefined;
}

function sizes(changes: readonly FileChange[]): Refusal[] {
  const total = changes.reduce((sum, change) => sum + bytes(change.after), 0);
  const large = changes.filter((change) => bytes(change.after) > maxFileBytes);
  const found = large.map(({ path }) => ({ path, rule: 'large', message: `${path} would have more than ${maxFileBytes >> 20} MiB.` }));
  const whole = total > maxTotalBytes || changes.length > maxFiles;
  return whole ? [...found, { path: '', rule: 'large', message: `The patch touches ${changes.length} files with ${total} bytes.` }] : found;
}

function bytes(text: string | null): number {
  return text === null ? 0 : Buffer.byteLength(text);
}

function isBinary(text: string | null): boolean {
  return text !== null && /[\0\ufffd]/.test(text) && text.includes('\0');
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function isFixed(rule: string): boolean {
  return /^(?:path_|git_folder|symlink|submodule|binary|mode_change)/.test(rule);
}
