/** Endings that words of one stem take, longest first. */
const endings = [
  'ations',
  'ation',
  'ating',
  'ated',
  'ates',
  'ative',
  'ators',
  'ator',
  'ings',
  'able',
  'ment',
  'ions',
  'ate',
  'ing',
  'ion',
  'ive',
  'ers',
  'ors',
  'ed',
  'er',
  'or',
  'es',
  'al',
  'ly',
  'e',
  's',
];
const shortestStem = 4;

/** Other forms of a word, by its stem: negative → negate, negated, negation. Some of them are no words, which costs nothing. */
export function wordForms(word: string): string[] {
  if (word.length < shortestStem || !/^[a-z]+$/.test(word)) return [];
  const ending = endings.find((one) => word.endsWith(one) && word.length - one.length >= shortestStem) ?? '';
  const stem = word.slice(0, word.length - ending.length);
  return ['', ...endings].map((one) => stem + one).filter((form) => form !== word);
}
