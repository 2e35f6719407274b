/** A text without its secrets; `count`: how many there were. `withheld`: why nothing of it may leave, `text` is empty then. */
export type Redacted = { readonly text: string; readonly count: number; readonly withheld?: string | undefined };

export type Redactor = {
  /** Replaces every secret, and every token of a chat template, by its placeholder. Same line count; JSON stays JSON; redacting twice changes nothing. */
  readonly redact: (text: string, path?: string) => Redacted;
  /**
   * Puts the secrets back. `unknown` holds placeholders that stand for nothing this redactor has seen, and, with a path, those that
   * the file at `path` never held: text with unknown ones must be refused.
   */
  readonly restore: (text: string, path?: string) => { readonly text: string; readonly unknown: string[] };
  /** Names its key and its secrets and tells nothing of them: what was clean for one scope may not be for another. */
  readonly scope: string;
  /** Names what the files gave away that texts without a path are searched for, and tells nothing of it. */
  readonly learned: () => string;
};
