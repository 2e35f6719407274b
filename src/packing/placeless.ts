import type { Failure } from '../schema/run.ts';

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Takes the place of a checkout and the home folder out of a text: what is said must not vary with where a tree lies. */
export type Placeless = (text: string) => string;

export function makePlaceless(root: string, home: string | undefined): Placeless {
  const below = (folder: string) => {
    // Written as it is, as a URL, and as JSON or C escape the strokes of Windows.
    const plain = literal(folder.replace(/[\\/]+$/, '')).replace(/\\\\|\//g, String.raw`(?:\\\\|\\|/)`);
    return new RegExp(String.raw`(?<![\w/\\])(?:file://)?${plain}(?:((?:\\\\|\\|/)+)|(?![\w.-]))`, 'g');
  };
  const here = root.length > 1 ? below(root) : undefined;
  const mine = home !== undefined && home.length > 1 ? below(home) : undefined;
  return (text) => {
    const inside = here ? text.replace(here, (_all, stroke) => (stroke === undefined ? '.' : '')) : text;
    return mine ? inside.replace(mine, (_all, stroke) => (stroke === undefined ? '~' : '~/')) : inside;
  };
}

/** The failure as it would read in any other place. */
export function withoutPlace(failure: Failure, placeless: Placeless): Failure {
  const { message, expected, actual, output } = failure;
  return {
    ...failure,
    message: placeless(message),
    ...(expected !== undefined && { expected: placeless(expected) }),
    ...(actual !== undefined && { actual: placeless(actual) }),
    ...(output !== undefined && { output: placeless(output) }),
  };
}
