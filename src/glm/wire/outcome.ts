import type { Reply } from '../../schema/model.ts';
import { cjkShare, hasToolMarkup, visibleText } from '../prompts/markup.ts';
import type { Received } from './reader.ts';

export type Outcome = Reply['outcome'];
type Judged = { readonly outcome: Outcome; readonly warnings: readonly string[] };

/** What each finish_reason means. Z.ai adds sensitive, network_error and model_context_window_exceeded. */
const finishes: ReadonlyMap<string, Outcome> = new Map(
  Object.entries({
    stop: 'complete',
    eos: 'complete',
    end_turn: 'complete',
    length: 'length',
    max_tokens: 'length',
    tool_calls: 'tool_markup_leak',
    function_call: 'tool_markup_leak',
    content_filter: 'filtered',
    sensitive: 'filtered',
    model_context_window_exceeded: 'context_exceeded',
    network_error: 'incomplete_stream',
  }),
);

/**
 * What a reply body came to. `closed`: the connection ended by itself and not by a cut, a deadline or a cap. Complete only with content,
 * a known finish_reason, and the end marker or at least a clean end.
 */
export function judge(received: Received, closed: boolean, language = 'en'): Judged {
  const warnings: string[] = [];
  if (received.form === 'nothing') warnings.push('the body of the reply was empty');
  if (received.text.includes('\uFFFD')) warnings.push('the reply holds bytes that are not UTF-8');
  const finish = received.finish === undefined ? undefined : finishes.get(received.finish.toLowerCase());
  if (received.finish !== undefined && finish === undefined) warnings.push(`unknown finish_reason "${received.finish.slice(0, 40)}"`);
  if (finish !== undefined && finish !== 'complete' && finish !== 'length') return { outcome: finish, warnings };
  if (received.broken) return { outcome: 'incomplete_stream', warnings: [...warnings, 'the stream held an event that cannot be read'] };
  if (finish === undefined || !(received.ended || closed)) return { outcome: 'incomplete_stream', warnings };
  if (!received.ended && received.form === 'stream') warnings.push('the stream had no end marker');
  if (received.form === 'json') warnings.push('the reply was not streamed');
  if (finish === 'length') return { outcome: 'length', warnings };

  const text = visibleText(received.text);
  if (received.toolCalls || hasToolMarkup(text)) return { outcome: 'tool_markup_leak', warnings };
  if (text.trim() === '') {
    return {
      outcome: 'empty',
      warnings: received.reasoningChars > 0 ? [...warnings, 'the model only thought and did not answer'] : warnings,
    };
  }
  const share = /^(zh|ja|ko)/i.test(language) ? 0 : (cjkShare(text) ?? 0);
  if (share > 0.3) return { outcome: 'wrong_language', warnings };
  if (share > 0.03) warnings.push('parts of the reply are in Chinese');
  if (isOtherScript(text, language) || isOtherLatin(text, language)) warnings.push(`the reply is not in ${language}, as was asked`);
  return { outcome: 'complete', warnings };
}

/** The letters of languages that are written in others than Latin ones. */
const scripts: readonly (readonly [language: RegExp, letters: RegExp])[] = [
  [/^ko/i, /\p{Script=Hangul}/gu],
  [/^ja/i, /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  [/^zh/i, /\p{Script=Han}/gu],
  [/^(?:ru|uk|bg|be|sr|mk|kk)/i, /\p{Script=Cyrillic}/gu],
  [/^(?:ar|fa|ur)/i, /\p{Script=Arabic}/gu],
  [/^he/i, /\p{Script=Hebrew}/gu],
  [/^el/i, /\p{Script=Greek}/gu],
  [/^(?:hi|mr|ne)/i, /\p{Script=Devanagari}/gu],
  [/^th/i, /\p{Script=Thai}/gu],
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
const fewestWords = 40;

/** Does prose of some length hold far more small words of another language in Latin letters than of the one that was asked for? */
function isOtherLatin(text: string, language: string): boolean {
  const asked = language.slice(0, 2).toLowerCase();
  const words =
    proseOf(text)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  if (!(asked in smallWords) || words.length < fewestWords) return false;
  const share = (name: string) => {
    const small = new Set(smallWords[name]);
    return words.filter((word) => small.has(word)).length / words.length;
  };
  const own = share(asked);
  return Object.keys(smallWords).some((name) => name !== asked && share(name) > Math.max(0.08, 3 * own));
}

/** Without code and edits. */
function proseOf(text: string): string {
  return text
    .replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, '')
    .replace(/`[^`\n]*`/g, '')
    .replace(/^<{5,}[\s\S]*?^>{5,}.*$/gm, '');
}

/** Does prose of some length hold hardly a letter of the language that was asked for? */
function isOtherScript(text: string, language: string): boolean {
  const own = scripts.find(([name]) => name.test(language))?.[1];
  const prose = proseOf(text);
  const letters = prose.match(/\p{L}/gu)?.length ?? 0;
  return own !== undefined && letters > 120 && (prose.match(own)?.length ?? 0) < letters / 20;
}
