import { GlmError } from '../errors.ts';
import { unescapeC } from '../safety/c-string.ts';

/** A file that a diff of ours touches, with the blob ids it goes from and to. Undefined: it does not exist on that side. */
export type Touched = {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Whether it may be run, where the diff says so. */
  readonly runs: boolean | undefined;
  /** That is all that changes. */
  readonly sameText: boolean;
};

/** Reads the headers of a diff made in a worktree: full blob ids, no renames. */
export function pathsOfDiff(diff: string): Touched[] {
  const sections = diff.split(/^(?=diff --git )/m).filter((section) => section.trim() !== '');
  const touched = sections.map(readSection);
  if (touched.length === 0) throw new GlmError('bad_input', 'The stored patch is empty.');
  return touched;
}

function readSection(section: string): Touched {
  const head = section.slice(0, section.indexOf('\n@@') + 1 || undefined);
  const ids = /^index ([0-9a-f]{40,64})\.\.([0-9a-f]{40,64})/m.exec(head);
  const names = /^diff --git ("?)a\/(.*)\1 \1b\/\2\1$/m.exec(head);
  const path = names?.[1] === '"' ? unescapeC(names[2] ?? '') : names?.[2];
  const mode = /^new (?:file )?mode (10\d{4})$/m.exec(head)?.[1];
  const sameText = !ids && mode !== undefined && /^old mode 10\d{4}$/m.test(head);
  if ((!ids && !sameText) || path === undefined || /^(?:rename|copy|GIT binary)/m.test(head)) {
    throw new GlmError('bad_input', 'The stored patch is not one that was made by a proof.');
  }
  const side = (id: string | undefined) => (id === undefined || /^0+$/.test(id) ? undefined : id);
  return { path, before: side(ids?.[1]), after: side(ids?.[2]), runs: mode === undefined ? undefined : mode === '100755', sameText };
}
