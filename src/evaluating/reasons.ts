import { z } from 'zod';

/** Why a candidate is no past bug that can be measured on. */
export const Reason = z.enum([
  'not_applied',
  'not_installed',
  'no_runner',
  'no_tests',
  'environment',
  'red_with_fix',
  'no_red',
  'new_interface',
  'flaky',
  'timeout',
  'crashed',
]);
export type Reason = z.infer<typeof Reason>;

/** The same in words, for the table. */
export const reasons: Readonly<Record<Reason, string>> = {
  not_applied: 'its tests or its fix cannot be put on the commit before it',
  not_installed: 'does not install any more',
  no_runner: 'no test command was found for its tests',
  no_tests: 'its tests are not collected',
  environment: 'red because of the environment',
  red_with_fix: 'red with the real fix',
  no_red: 'green without the fix',
  new_interface: 'its tests cannot be loaded without the fix: they test something new',
  flaky: 'comes out otherwise when it is run again',
  timeout: 'takes too long',
  crashed: 'the runner ends without a result',
};
