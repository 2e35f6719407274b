import { answered } from '../asking/answered.ts';
import { type Asked, askOn } from '../asking/ask-on.ts';
import { askParts, priceParts, refuseParts, sayCost } from '../asking/ask-parts.ts';
import { cutParts, manifestOf, type Part } from '../asking/cut-parts.ts';
import { sayUnread } from '../asking/documents/documents.ts';
import { asRead, chooseFiles, handedIn, type Readable, unread } from '../asking/question-files.ts';
import { firstShare } from '../context/pack/pack-question.ts';
import { askMessages } from '../glm/prompts/ask-prompt.ts';
import { type Gathered, gather, openGround } from '../packing/gather.ts';
import type { Named } from '../repo/root.ts';
import { findUnmerged, unmergedNote } from '../repo/uncommitted.ts';
import type { Deps } from '../schema/deps.ts';
import { type AskInput, defaults } from '../schema/input.ts';
import type { Report } from '../schema/report.ts';
import { capped, needsKey } from '../talk/ending.ts';
import { chooseVariants } from '../talk/offer.ts';
import { shrinking } from '../talk/shrink.ts';
import { priceOf, startTalk } from '../talk/talk.ts';
import { countTokens } from '../tokens/tokens.ts';

/** Words that make a question and say nothing of what is sought. */
const asking =
  /\b(?:where|what|which|who|whose|when|why|how|does|did|has|have|there|their|this|about|please|tell|show|explain|me|my|we|you|your)\b/gi;

/**
 * Answers a question over a repository or a folder of documents; every place that the answer names is looked up. What was handed in and is
 * too long for one request is read in parts.
 */
export async function ask(input: AskInput & Named, deps: Deps): Promise<Report> {
  const readable = await asRead(await openGround(input, deps), input, deps);
  const { ground, pageOf } = readable;
  const { continue: job } = input;
  const asked = job === undefined ? await packFor(input, readable, deps) : await askOn({ ...input, continue: job }, ground.redactor, deps);
  const { messages, bare, before, parts } = asked;
  const unmerged = job === undefined && !input.chat ? unmergedNote(await findUnmerged(ground.git)) : [];
  const variants = chooseVariants(input.variant ?? before?.variant, deps.variants);
  const cachedTokens = before?.variant === variants[0]?.id ? before?.tokens : undefined;
  const talking = { variants, maxTokens: input.max_tokens, capUsd: input.max_cost, language: input.language, cachedTokens };
  const question = { question: ground.redactor.redact(input.question).text, language: input.language };
  const packed: Report = {
    version: 1,
    verb: 'ask',
    status: 'packed',
    root: ground.root,
    summary: '',
    ...(asked.suspects && { suspects: [...asked.suspects] }),
    manifest: asked.manifest,
    contextFile: await deps.keep('context.md', messages.map(({ content }) => content).join('\n\n')),
    estimate: parts ? priceParts(parts, question, talking) : priceOf(messages, talking).estimate,
    warnings: [...unmerged, ...asked.warnings],
    next: [],
  };
  const refused = parts ? refuseParts(packed, parts, input.max_cost, deps.ask) : capped(packed, input.max_cost);
  if (refused) return refused;
  if (!deps.ask) return needsKey(packed);

  const talk = startTalk(talking, { ...deps, ask: deps.ask });
  const budget = input.budget ?? defaults.budgetTokens;
  const again = (less: number) => packFor({ ...input, budget: less }, readable, deps);
  // A further question sends again what was sent: that gets no smaller.
  const packs = shrinking(asked, before ? async () => asked : again, longest);
  for (let now = asked; ; ) {
    const { reply, warnings } = now.parts
      ? await readParts(now.parts, now === asked ? budget : longest(now))
      : { reply: await talk.insist(now.messages), warnings: [] };
    const shorter = reply?.outcome === 'context_exceeded' ? await packs.smaller() : undefined;
    const told = { ...packed, manifest: packs.manifest(), warnings: [...packed.warnings, ...packs.warnings(), ...warnings] };
    const came = { talk, ground, pageOf, stdin: input.text, bare, sent: packs.sent().manifest, packed: told };
    if (!shorter) return answered(reply, came);
    const halt = shorter.parts && refuseParts({ ...told, ...talk.bill() }, shorter.parts, input.max_cost, deps.ask);
    if (halt) return halt;
    now = shorter;
  }

  function readParts(some: readonly Part[], roomTokens: number) {
    deps.tell({ type: 'warning', message: `It is read in ${sayCost(some, { estimate: priceParts(some, question, talking) })}.` });
    return askParts(some, { ...question, talk, talking, roomTokens }, deps);
  }
}

/** How long the longest request of a question is, in tokens. */
function longest({ parts, manifest }: Asked): number {
  return parts ? Math.max(...parts.map(({ text }) => countTokens(text))) : manifest.tokens;
}

/** Packs what bears on a first question, or cuts what was handed in where it does not fit one request. */
async function packFor(input: AskInput, readable: Readable, deps: Deps): Promise<Asked> {
  const { ground } = readable;
  const budgetTokens = input.budget ?? defaults.budgetTokens;
  const first = handedIn(input, readable);
  const redactions = first.map(({ path, text }) => ground.redactor.redact(text, path));
  const texts = first.map((one, at) => ({ ...one, text: redactions[at]?.text ?? '' }));
  const parts = cutParts(texts, Math.floor(budgetTokens * firstShare));
  if (parts.length > 1) {
    const count = redactions.reduce((sum, one) => sum + one.count, 0);
    const alone = input.files || input.chat ? [] : ['what was handed in is read by itself: no other file of the root was looked at'];
    return {
      parts,
      messages: [{ role: 'user', content: parts.map(({ text }) => text).join('\n\n') }],
      manifest: manifestOf(parts, budgetTokens * parts.length, count),
      bare: false,
      warnings: alone,
    };
  }
  const accept = input.chat ? () => false : chooseFiles(input, ground.within, ground.tree);
  const request = { text: input.question.replace(asking, ' '), budgetTokens, accept, first };
  const { context, cut }: Gathered = await gather(ground, request, deps);
  const bare = input.chat === true && first.length === 0;
  const question = ground.redactor.redact(input.question).text;
  return {
    messages: askMessages(bare ? '' : context.text, { question, language: input.language }),
    manifest: context.manifest,
    suspects: bare ? [] : context.suspects,
    bare,
    warnings: [
      ...cut.map((path) => `${path} had no room whole: raise budget to send more of it`),
      ...sayUnread(readable),
      ...unread(ground.tree, ground.within, input),
    ],
  };
}
