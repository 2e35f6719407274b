import { GlmError, messageOf } from '../errors.ts';
import type { Job } from '../schema/job.ts';

/** What went wrong, as the record of a job keeps it. */
export function errorOf(thrown: unknown, scrub: (text: string) => string = () => ''): NonNullable<Job['error']> {
  const message = scrub(messageOf(thrown));
  return thrown instanceof GlmError
    ? { code: thrown.code, message, ...(thrown.hint && { hint: scrub(thrown.hint) }) }
    : { code: 'bug', message };
}

/** What was paid for and could not be kept is told with the problem; what is kept is not paid for once more. */
export function withReplies(
  thrown: unknown,
  { unkept, kept }: { readonly unkept: readonly string[]; readonly kept: boolean },
  scrub: (text: string) => string = () => '',
): unknown {
  if (unkept.length === 0 && !(kept && thrown instanceof GlmError)) return thrown;
  const text = unkept.map((one) => scrub(one)).join('\n\n');
  const word =
    unkept.length === 0
      ? 'What was paid for is kept: the same call on the same files goes on from there.'
      : `This reply was paid for and is kept nowhere else, so the same call pays for it once more:\n\n${text}`;
  const hint = [...(thrown instanceof GlmError && thrown.hint ? [thrown.hint] : []), word].join('\n');
  const code = thrown instanceof GlmError ? thrown.code : 'config_invalid';
  return new GlmError(code, messageOf(thrown), { hint, cause: thrown });
}
