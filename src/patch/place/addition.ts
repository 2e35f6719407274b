export type Problem = { readonly rule: string; readonly message: string };

/** Added lines that stand together, between two lines that stay. */
export type Run = { readonly above: string; readonly lines: readonly string[]; readonly below: string };

/** What an edit adds to a file and takes away, with the file's own text and the line (from 0) where the edit stands. */
export type Addition = {
  readonly runs: readonly Run[];
  readonly removed: readonly string[];
  readonly file: readonly string[];
  readonly path: string;
  readonly at: number;
  /** The edit shows lines that stay, as they stand in the file. */
  readonly anchored: boolean;
  /** The text to find stands in the file as it was written, character for character. */
  readonly exact: boolean;
};
