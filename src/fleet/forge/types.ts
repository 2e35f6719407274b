/** A patch as a branch of its own on top of `commit`, and the request to merge it. */
export type Proposal = {
  readonly branch: string;
  /** Where to merge it; the default branch where this is none. */
  readonly base: string | undefined;
  readonly commit: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly changes: readonly Change[];
};

/** A file as the patch leaves it. `content` is undefined where it is removed. */
export type Change = {
  readonly path: string;
  readonly kind: 'create' | 'update' | 'delete';
  readonly content: Buffer | undefined;
  readonly mode: '100644' | '100755' | '120000';
};

/** Where a repository is kept, and the account that may write there. */
export type Place = { readonly api: string; readonly project: string; readonly token: string };

/**
 * A place that takes branches and requests. Proposing the same twice is one: what is there under its name stays as it is. Nothing but the
 * branch of the proposal is written.
 */
export type Forge = {
  readonly propose: (proposal: Proposal, place: Place, before: () => Promise<void>) => Promise<string>;
};
