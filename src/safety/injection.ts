import { plainText } from './text.ts';

/** A place in a file that speaks to a model instead of a reader. Lines count from 1. */
export type Suspicion = { readonly path: string; readonly line: number; readonly what: string };

const signs: readonly { readonly what: string; readonly form: RegExp }[] = [
  {
    what: 'asks a model to drop its instructions',
    form: /\b(?:ignore|disregard|forget|override|bypass)\s+(?:\w+\s+){0,3}(?:previous|prior|above|earlier|preceding|your|system|all)\s+(?:\w+\s+){0,2}(?:instructions?|prompts?|rules|guidelines|directions|constraints)\b/i,
  },
  {
    what: 'gives a model another role',
    form: /\b(?:you are now|from now on,? you|act as|pretend to be|new (?:system )?instructions?:)\b.{0,60}/i,
  },
  {
    what: 'addresses AI assistants',
    form: /\b(?:attention|important|note|instructions?|message|hey|dear)\b.{0,20}\b(?:to|for|all)?\s*(?:ai|llm|language model|gpt|glm|claude|copilot|cursor|coding agents?|assistants?)\b.{0,60}\b(?:must|should|please|need|run|execute|send|read|add|include|do not|don't)\b/i,
  },
  {
    what: 'asks for secrets to be sent',
    form: /\b(?:send|post|upload|exfiltrate|leak|print|output|include|reveal|forward)\b.{0,40}\b(?:api[ _-]?keys?|secrets?|credentials?|passwords?|env(?:ironment)? (?:variables?|vars?|file)|\.env|ssh keys?|system prompt)\b.{0,60}\b(?:to|in|into|at|via|as)\b.{0,40}(?:https?:|webhook|server|comment|url|reply|response|answer|patch)/i,
  },
  {
    what: 'hides what is done from the user',
    form: /\b(?:do not|don't|never|without)\b.{0,20}\b(?:tell|telling|mention|mentioning|inform|informing|show|reveal)\b.{0,20}\b(?:the )?(?:user|human|developer|anyone)\b/i,
  },
  {
    what: 'asks to weaken or skip the tests',
    form: /\b(?:delete|remove|disable|skip|weaken)\b.{0,20}\b(?:all |the |failing )*tests?\b.{0,40}\b(?:so that|to make|until|and (?:say|report|claim))\b/i,
  },
  {
    what: 'holds chat-template tokens',
    form: /<\|(?:im_start|im_end|system|user|assistant|observation|endoftext|end|start_header_id|eot_id)\|>|\[\/?INST\]|<<SYS>>|\[gMASK\]/,
  },
  {
    what: 'holds tool-call markup',
    form: /<(?:tool_call|function_calls?|arg_key|arg_value|antml:invoke|invoke name=|tool_use)\b|<\/tool_call>/,
  },
  {
    what: 'holds invisible text',
    form: /[\u{e0020}-\u{e007f}]{4,}|[\u202a-\u202e\u2066-\u2069].{1,80}|(?:[\u200b-\u200d\u2060\ufeff]){4,}/u,
  },
];
const longestLine = 2_000;
const foreign = /[\u0080-\uffff]/;
const mostPerFile = 5;

/** Instructions for a model that stand in a file: reported, never obeyed, and no reason to leave the file out. */
export function findInstructions(path: string, text: string): Suspicion[] {
  const found: Suspicion[] = [];
  let line = 0;
  const ascii = !foreign.test(text);
  for (const raw of text.split('\n')) {
    line++;
    if (raw.length < 6) continue;
    const shown = raw.slice(0, longestLine);
    const plain = ascii ? shown : plainText(shown);
    const sign = signs.find(({ form }) => form.test(shown) || (plain !== shown && form.test(plain)));
    if (sign) found.push({ path, line, what: sign.what });
    if (found.length === mostPerFile) break;
  }
  return found;
}
