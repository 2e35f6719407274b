import type { z } from 'zod';

type Issue = z.ZodError['issues'][number];

/** What is wrong with a value, after its name: `must be at least 0, not -1`. A message of the schema's own stands as it is. */
export function sayIssue(issue: Issue): string {
  const not = typeof issue.input === 'string' || typeof issue.input === 'number' ? `, not ${JSON.stringify(issue.input).slice(0, 80)}` : '';
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}${not}`;
    case 'too_big':
      if (issue.origin === 'string') return `is longer than ${issue.maximum} characters`;
      return issue.origin === 'array' ? `may be given ${issue.maximum} times at most` : `must be at most ${issue.maximum}${not}`;
    case 'invalid_value':
      return `must be ${issue.values
        .map(String)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1')}${not}`;
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return issue.expected === 'int' ? `must be a whole number${not}` : `must be a ${issue.expected}${not}`;
    case 'invalid_format':
      // The value stays unsaid: what is of no known form may be a secret in the wrong place.
      return /^Invalid /.test(issue.message) ? 'is not of the right form' : `is ${issue.message}`;
    default:
      return `is not right: ${issue.message}`;
  }
}
