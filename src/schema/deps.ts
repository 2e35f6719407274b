import type { Environment, Folders } from '../config.ts';
import type { Ask, Tell } from './model.ts';

/** The doors to the world, built once by the CLI or the server and handed down. Tests hand in real ones that are scripted. */
export type Deps = {
  readonly ask: Ask;
  readonly tell: Tell;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly env: Environment;
  readonly folders: Folders;
  readonly signal: AbortSignal | undefined;
};
