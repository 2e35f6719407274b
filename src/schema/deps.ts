import type { Environment, Folders } from '../config.ts';
import type { Farm } from './farm.ts';
import type { Ask, Recalled, Tell, Variant } from './model.ts';
import type { Redactor } from './redactor.ts';

/** Where work is done and who hears of it: what a step needs that asks no model. */
export type Machine = {
  readonly env: Environment;
  readonly folders: Folders;
  readonly signal: AbortSignal | undefined;
  readonly tell: Tell;
  /** How tests are shut in. Absent: `auto`. */
  readonly sandbox?: 'auto' | 'on' | 'off' | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/**
 * What git says of a work tree when it is opened. `root` is its top folder, links resolved; `gitDir` and `commonDir` differ in a linked
 * worktree; `head` is undefined before the first commit, and its first `parent` at it or where the history was not fetched.
 */
export type GitFacts = {
  readonly root: string;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly head: string | undefined;
  readonly parent: string | undefined;
  readonly branch: string | undefined;
  readonly objectFormat: 'sha1' | 'sha256';
  /** What its configs set, names in small letters where git knows no others, in the order of their weight. */
  readonly settings: readonly (readonly [name: string, value: string])[];
};

/** What a pack was made of: the work tree, the digest of what lies in it, and files beside it that it rests on. */
export type Rests = { readonly git: GitFacts; readonly tree: string; readonly files: readonly string[] };

/** The doors to the world, built once by the CLI or the server and handed down. Tests hand in real ones that are scripted. */
export type Deps = Machine & {
  /** Undefined when no key was found: everything up to the model call works all the same. */
  readonly ask: Ask | undefined;
  /** The variants as the gateway was last heard to list and price them; absent: the shipped table. */
  readonly variants?: readonly Variant[] | undefined;
  /** Hides the secrets of the workspace, of the environment, and the key in use; one for the whole job. */
  readonly redactor: Redactor;
  /** Keeps a file of this job (0600) and gives its absolute path. */
  readonly keep: (name: string, content: string) => Promise<string>;
  /** Machines that take work in place of this one. */
  readonly farm?: Farm | undefined;
  /** Is told what a pack rests on, where that can be named. */
  readonly rests?: ((on: Rests) => void) | undefined;
  /** The last exchange of an earlier job on this root. Absent: nothing is remembered. Throws `no_job`, `bad_input`. */
  readonly recall?: ((job: string) => Promise<Recalled>) | undefined;
};
