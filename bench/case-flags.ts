/** Which cases a benchmark of the ranking runs on: laid-out instances, or mined ones with `mirrors`. For `parseArgs`. */
export const caseFlags = {
  list: { type: 'string', default: '' },
  checkouts: { type: 'string', default: '' },
  runs: { type: 'string', default: '' },
  gold: { type: 'string', default: '' },
  mirrors: { type: 'string' },
} as const;
