import { type Mutator, swapping } from './mutator.ts';

export const truth = swapping(/(?<![\w.$'"])(?:true|false|True|False)(?![\w$])/g, {
  true: 'false',
  false: 'true',
  True: 'False',
  False: 'True',
});

/** A number becomes the next one. */
export const number: Mutator = (code) =>
  [...code.matchAll(/(?<=[ (+\-*/%[])\d+(?:\.\d+)?(?=[ ;),/\]:]|$)/g)].map(({ index, 0: from }) => ({
    at: index,
    from,
    to: String(Number(from) + 1),
  }));

/** A text becomes the empty one; what is said to people is not what tests are for. */
export const words: Mutator = (code) =>
  /\b(?:throw|raise|Error|panic|console|log\w*|print\w*|warn|require|import)\b/.test(code)
    ? []
    : [...code.matchAll(/(["])_+\1/g)].map(({ index, 0: from }) => ({ at: index, from, to: '""' }));
