/** What a language is written with; undefined for a tag that nothing is known of. */
function scriptOf(language: string): string | undefined {
  try {
    return new Intl.Locale(language).maximize().script;
  } catch {
    return undefined;
  }
}

/** Scripts whose letters are not those of one Unicode script alone. Of Japanese, kana tell it from Chinese. */
const letters: Readonly<Record<string, RegExp>> = {
  Jpan: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  Kore: /\p{Script=Hangul}/gu,
  Hans: /\p{Script=Han}/gu,
  Hant: /\p{Script=Han}/gu,
};

/** Signs that texts of one language hold and those of its neighbour do not. */
const neighbours: readonly (readonly [language: RegExp, own: RegExp, others: RegExp])[] = [
  [/^Hans$/, /[这来说时为会们个对没还过么样问题应该让开关于总漏数错误]/gu, /[這來說時為會們個對沒還過麼樣問題應該讓開關於總數錯誤迴]/gu],
  [/^Hant$/, /[這來說時為會們個對沒還過麼樣問題應該讓開關於總數錯誤迴]/gu, /[这来说时为会们个对没还过么样问题应该让开关于总数错误]/gu],
  [/^ru$/, /[ыэъё]/gi, /[іїєґ]/gi],
  [/^uk$/, /[іїєґ]/gi, /[ыэъё]/gi],
];

/** Small words that every text of some length holds, and that the others of these languages do not have. */
const smallWords: Readonly<Record<string, readonly string[]>> = {
  en: ['the', 'is', 'of', 'and', 'to', 'that', 'it', 'with', 'this', 'not', 'which', 'are'],
  de: ['der', 'die', 'das', 'und', 'ist', 'nicht', 'ein', 'eine', 'wird', 'mit', 'auf', 'dem', 'den', 'zu'],
  fr: ['le', 'la', 'les', 'des', 'et', 'est', 'une', 'dans', 'pas', 'qui', 'il', 'ne', 'du', 'pour'],
  es: ['el', 'la', 'los', 'las', 'y', 'es', 'una', 'en', 'no', 'por', 'del', 'se', 'con', 'para'],
  pt: ['o', 'os', 'as', 'e', 'é', 'uma', 'em', 'não', 'um', 'do', 'da', 'se', 'com', 'para'],
  it: ['il', 'lo', 'gli', 'e', 'è', 'una', 'non', 'di', 'che', 'del', 'della', 'per', 'con', 'si'],
  tr: ['ve', 'bir', 'bu', 'ile', 'için', 'değil', 'da', 'de', 'olarak', 'gibi', 'ama', 'her', 'çünkü', 'olan'],
};
const fewestLetters = 120;
const fewestWords = 40;

/** Is prose of some length in another language than the one that was asked for? What is not known to tell is taken to be right. */
export function isOtherLanguage(text: string, language: string): boolean {
  const script = scriptOf(language);
  if (script === undefined) return false;
  const prose = proseOf(text);
  const share = (some: RegExp) => (prose.match(some)?.length ?? 0) / (prose.match(/\p{L}/gu)?.length || 1);
  if ((prose.match(/\p{L}/gu)?.length ?? 0) <= fewestLetters) return false;
  if (share(lettersOf(script)) < (script === 'Latn' ? 0.5 : 0.05)) return true;
  if (script.startsWith('Han') && share(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu) > 0.1) return true;
  const asked = language.slice(0, 2).toLowerCase();
  const [, own, others] = neighbours.find(([name]) => name.test(script) || name.test(asked)) ?? [];
  if (own && others) return share(others) > 0.01 && share(others) > 3 * share(own);
  return script === 'Latn' && isOtherLatin(prose, asked);
}

function lettersOf(script: string): RegExp {
  try {
    return letters[script] ?? new RegExp(`\\p{Script=${script}}`, 'gu');
  } catch {
    return /\p{L}/gu;
  }
}

/** Far more small words of another language than of the one that was asked for, or hardly any of it. */
function isOtherLatin(prose: string, asked: string): boolean {
  const words = prose.toLowerCase().match(/\p{L}+/gu) ?? [];
  if (words.length < fewestWords) return false;
  const share = (name: string) => {
    const small = new Set(smallWords[name]);
    return words.filter((word) => small.has(word)).length / words.length;
  };
  if (!(asked in smallWords)) return isKnownLatin(words, share);
  const own = share(asked);
  return own < 0.02 || Object.keys(smallWords).some((name) => name !== asked && share(name) > Math.max(0.08, 3 * own));
}

/** Of languages without words here only two are told apart from the asked one: those that hold many words which no other language has. */
function isKnownLatin(words: readonly string[], share: (name: string) => number): boolean {
  const has = (...some: readonly string[]) => some.every((word) => words.includes(word));
  return (share('en') > 0.12 && has('the', 'and')) || (share('de') > 0.15 && has('und', 'nicht'));
}

/** Without code and edits. */
function proseOf(text: string): string {
  return text
    .replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, '')
    .replace(/`[^`\n]*`/g, '')
    .replace(/^<{5,}[\s\S]*?^>{5,}.*$/gm, '');
}
