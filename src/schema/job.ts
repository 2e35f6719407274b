import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import { Status } from './report.ts';

export const jobStates = ['running', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export const JobState = z.enum(jobStates);
export type JobState = z.infer<typeof JobState>;

/** One run of a corridor as it stands on disk. Times are ISO 8601 in UTC. */
export const Job = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  verb: z.string(),
  root: z.string(),
  user: z.string().optional().describe('whose it is, of a server for several; empty where they share one token'),
  key: z.string().describe('hash of verb, arguments and tree: equal calls share it'),
  input: z.record(z.string(), z.unknown()),
  state: JobState,
  stage: z.string().describe('last stage that was begun'),
  message: z.string().describe('what it is doing'),
  created: z.string(),
  updated: z.string(),
  pid: z.number().int(),
  owner: z.string().describe('start time of the process that runs it, so that a reused pid is not taken for it'),
  fetched: z.boolean().describe('whether the result was handed to a caller'),
  handed: z.boolean().optional().describe('it was sent once where it may be lost on the way'),
  status: Status.optional(),
  summary: z.string().optional(),
  error: z.strictObject({ code: z.enum([...errorCodes, 'bug']), message: z.string(), hint: z.string().optional() }).optional(),
});
export type Job = z.infer<typeof Job>;
