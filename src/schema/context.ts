import { z } from 'zod';

/** A file that may be read. `oid` is the git blob id of the content where known; `size` in bytes where known. */
export type RepoFile = {
  readonly path: string;
  readonly size?: number | undefined;
  readonly oid?: string | undefined;
};

/** Reads one file of the repository by its relative path. Undefined: gone, refused by the path rules, binary or too large. */
export type ReadText = (path: string) => string | undefined;

/** A content-addressed cache: derived data by key. A missing or corrupt entry is undefined. */
export type Cache = {
  readonly get: (key: string) => Uint8Array | undefined;
  readonly set: (key: string, value: Uint8Array) => void;
};

/** What git knows of the past: the paths of each commit, newest first. Commits that touch very many files are left empty. */
export type History = { readonly commits: readonly (readonly string[])[] };

/** What a failing test ran, by path: one line or more of every function that ran, ascending. Absent: not run. */
export type Coverage = ReadonlyMap<string, readonly number[]>;

/** A file that the failing tests ran. A place is a function, in Go a block; none where the file was only loaded. */
export const RanFile = z.strictObject({
  path: z.string(),
  places: z.number().int().describe('functions that ran, in Go blocks'),
  alone: z.number().int().optional().describe('of these, run by no passing test of the same file; absent: not known'),
});
export type RanFile = z.infer<typeof RanFile>;

/** `count` may exceed the files that are named. */
export const RanFiles = z.strictObject({ files: z.array(RanFile), count: z.number().int() });
export type RanFiles = z.infer<typeof RanFiles>;

/** A file or definition believed to hold the fault, with the evidence in words. */
export const Suspect = z.strictObject({
  file: z.string(),
  name: z.string().optional().describe('definition inside the file'),
  line: z.number().int().optional(),
  endLine: z.number().int().optional(),
  score: z.number(),
  evidence: z.array(z.string()),
});
export type Suspect = z.infer<typeof Suspect>;

/** One piece of the context. Lines count from 1 and are inclusive. `sha256` is of the bytes as sent (after redaction). */
export const ManifestEntry = z.strictObject({
  path: z.string(),
  startLine: z.number().int(),
  endLine: z.number().int(),
  form: z.enum(['whole', 'part', 'signatures', 'outline', 'output']),
  reason: z.string(),
  tokens: z.number().int(),
  sha256: z.string(),
  round: z.number().int().optional().describe('the request it went with, where that was not the first: on NEED, or after a failed round'),
});
export type ManifestEntry = z.infer<typeof ManifestEntry>;

export const LeftOut = z.strictObject({ path: z.string(), reason: z.string(), tokens: z.number().int().optional() });
export type LeftOut = z.infer<typeof LeftOut>;

/** What is sent and what is not. Holds no times and no job ids: the same tree gives the same bytes. */
export const Manifest = z.strictObject({
  version: z.literal(1),
  budgetTokens: z.number().int(),
  tokens: z.number().int(),
  redactions: z.number().int(),
  bundle: z.string().describe('sha256 over everything that is sent'),
  entries: z.array(ManifestEntry),
  leftOut: z.array(LeftOut),
  leftOutCount: z.number().int().describe('files not sent in all; leftOut names the nearest'),
});
export type Manifest = z.infer<typeof Manifest>;

/** The packed repository part of a prompt: the stable text and its manifest. */
export type Context = {
  readonly text: string;
  readonly manifest: Manifest;
  readonly suspects: readonly Suspect[];
};
