import { z } from 'zod';

/**
 * One edit as a model wrote it, before it is placed; paths are as written by the model. `replace`: text to find and what stands there
 * afterwards, with other readings where a separator stands more than once. `hunk`: lines of a unified diff with their markers, the line
 * and counts it claims, and the headings it names. `write`: a whole file. `expected`: the content that a deletion shows.
 */
export type Edit =
  | {
      readonly kind: 'replace';
      readonly path: string;
      readonly search: string;
      readonly replace: string;
      readonly others?: readonly { readonly search: string; readonly replace: string }[] | undefined;
      /** Both texts to the character, where their line ends say what lines cannot. */
      readonly literal?: readonly [search: string, replace: string] | undefined;
    }
  | {
      readonly kind: 'hunk';
      readonly path: string;
      readonly lines: readonly string[];
      readonly line: number | undefined;
      /** The line at which its text stands once it is applied. */
      readonly newLine?: number | undefined;
      /** Which of its lines end in CR LF, where not all of the answer do. */
      readonly windows?: readonly boolean[] | undefined;
      readonly counts?: { readonly before: number; readonly after: number } | undefined;
      readonly anchors?: readonly string[] | undefined;
      /** The answer ends here and nothing closed it. */
      readonly last?: boolean | undefined;
      /** It ends in the middle of a line, or in a code fence that was never closed. */
      readonly open?: 'line' | 'fence' | undefined;
    }
  /** `beside`: the answer shows this file among other edits, which may be all that it means. `heading`: named it, and may be a line of it. */
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly content: string;
      readonly created: boolean;
      readonly beside?: boolean | undefined;
      readonly heading?: string | undefined;
    }
  | { readonly kind: 'delete'; readonly path: string; readonly expected?: readonly string[] | undefined }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'mode'; readonly path: string; readonly runs: boolean };

/** A planned file: null = does not exist. Text keeps the file's own line ends. `from`: the file that it was until now, whose mode it keeps. */
export type FileChange = {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly from?: string | undefined;
  /** Whether it may be run, where the patch says so; else as before. */
  readonly runs?: boolean | undefined;
};

/** An edit that could not be placed, with the nearest text, ready to be shown to the model. */
export const PlaceFailure = z.strictObject({
  path: z.string(),
  rule: z.string(),
  message: z.string(),
  nearest: z.string().optional(),
});
export type PlaceFailure = z.infer<typeof PlaceFailure>;

/** A change that the rules forbid; `--allow RULE` lifts one by name. */
export const Refusal = z.strictObject({ path: z.string(), rule: z.string(), message: z.string() });
export type Refusal = z.infer<typeof Refusal>;

/** Something in a patch that smells of cheating; reported, not refused. */
export const TamperFlag = z.strictObject({ path: z.string(), line: z.number().int().optional(), flag: z.string(), message: z.string() });
export type TamperFlag = z.infer<typeof TamperFlag>;

/** The final diff, made by git in the worktree: it always applies with `git apply`. */
export const Patch = z.strictObject({
  diff: z.string(),
  sha256: z.string(),
  files: z.array(z.strictObject({ path: z.string(), added: z.number().int(), removed: z.number().int() })),
  flags: z.array(TamperFlag),
});
export type Patch = z.infer<typeof Patch>;
