import picomatch from 'picomatch';
import { kindOf } from './context/kinds.ts';
import type { First } from './context/pack-question.ts';
import { GlmError } from './errors.ts';
import { askMessages } from './glm/ask-prompt.ts';
import { visibleText } from './glm/markup.ts';
import { openRoot } from './repo/root.ts';
import { disarm } from './safety/text.ts';
import type { Deps } from './schema/deps.ts';
import { type AskInput, defaults } from './schema/input.ts';
import type { Report } from './schema/report.ts';
import { type Asked, askOn } from './stages/ask-on.ts';
import { checkCitations } from './stages/cite.ts';
import { type Gathered, type Ground, gather, openGround } from './stages/gather.ts';
import { chooseVariants } from './stages/offer.ts';
import { capped, ending, priceOf, startTalk } from './stages/talk.ts';

/** Words that make a question and say nothing of what is sought. */
const asking =
  /\b(?:where|what|which|who|whose|when|why|how|does|did|has|have|there|their|this|about|please|tell|show|explain|me|my|we|you|your)\b/gi;

/** Answers a question over a repository or a folder of documents; every place that the answer names is looked up. */
export async function ask(input: AskInput & { root: string }, deps: Deps): Promise<Report> {
  const { root, within } = await openRoot(input.root, deps.folders.home);
  const ground = await openGround(root, deps);
  const { continue: job } = input;
  const asked =
    job === undefined ? await packFor(input, within, ground, deps) : await askOn({ ...input, continue: job }, ground.redactor, deps);
  const { messages, bare, before } = asked;
  const variants = chooseVariants(input.variant ?? before?.variant, deps.variants);
  const cachedTokens = before?.variant === variants[0]?.id ? before?.tokens : undefined;
  const talking = { variants, maxTokens: input.max_tokens, capUsd: input.max_cost, language: input.language, cachedTokens };
  const { estimate } = priceOf(messages, talking);
  const packed: Report = {
    version: 1,
    verb: 'ask',
    status: 'packed',
    root,
    summary: '',
    ...(asked.suspects && { suspects: [...asked.suspects] }),
    manifest: asked.manifest,
    contextFile: await deps.keep('context.md', messages.map(({ content }) => content).join('\n\n')),
    estimate,
    warnings: [...asked.warnings],
    next: [],
  };
  const refused = capped(packed, input.max_cost);
  if (refused) return refused;
  if (!deps.ask) return ending(packed, undefined);

  const talk = startTalk(talking, { ...deps, ask: deps.ask });
  const reply = await talk.ask(messages);
  const said = reply?.outcome === 'complete' ? visibleText(reply.text).trim() : '';
  if (said === '') return ending(packed, talk, reply);
  const read = (path: string) => (path === 'stdin' ? input.text : ground.tree.read(path));
  const { text, citations } = checkCitations(disarm(said), (path) => hidden(ground, path, read(path)));
  const wrong = citations.filter(({ holds }) => !holds);
  return {
    ...packed,
    ...talk.bill(),
    status: 'answered',
    answer: text,
    citations: [...citations],
    summary: `${citations.length} places cited, ${wrong.length === 0 ? 'all hold' : `${wrong.length} ${wrong.length === 1 ? 'does' : 'do'} not hold`}.`,
    warnings: [
      ...packed.warnings,
      ...wrong.map(({ path, startLine, why }) => `citation ${path}:${startLine} does not hold: ${why}`),
      ...(citations.length === 0 && !bare ? ['the answer cites nothing, so nothing of it was checked'] : []),
    ],
  };
}

/** Packs what bears on a first question. */
async function packFor(input: AskInput, within: string, ground: Ground, deps: Deps): Promise<Asked> {
  const budgetTokens = input.budget ?? defaults.budgetTokens;
  const accept = input.chat ? () => false : selector(input, within, ground);
  const first: First[] = [
    ...(input.text ? [{ path: 'stdin', text: input.text, reason: 'handed in' }] : []),
    ...(input.files ?? []).flatMap((path) => {
      const text = ground.tree.read(path);
      return text === undefined ? [] : [{ path, text, reason: 'named by the caller' }];
    }),
  ];
  const question = ground.redactor.redact(input.question).text;
  const { context, cut }: Gathered = await gather(ground, { text: input.question.replace(asking, ' '), budgetTokens, accept, first }, deps);
  const bare = input.chat === true && first.length === 0;
  return {
    messages: askMessages(bare ? '' : context.text, { question, language: input.language }),
    manifest: context.manifest,
    suspects: bare ? [] : context.suspects,
    bare,
    warnings: [...cut.map((path) => `${path} had no room whole: raise budget to send more of it`), ...unread(ground, within, input)],
  };
}

/** The model has seen redacted lines, so its quotes are compared with those. */
function hidden({ redactor }: Ground, path: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : redactor.redact(text, path).text;
}

function selector({ files, glob }: AskInput, within: string, { tree }: Ground): (path: string) => boolean {
  const known = new Set(tree.files.map(({ path }) => path));
  const missing = files?.find((path) => !known.has(path) || tree.read(path) === undefined);
  if (missing !== undefined)
    throw new GlmError('bad_input', `${missing} is not a text file that may be read.`, { hint: 'Name files relative to the root.' });
  const named = files && new Set(files);
  const matches = glob && picomatch([...glob], { dot: true });
  return (path) => {
    if ((within !== '' && !path.startsWith(`${within}/`)) || needsProgram.test(path)) return false;
    if (named && !matches) return named.has(path);
    if (matches) return matches(path) || (named?.has(path) ?? false);
    return !['lock', 'generated', 'binary'].includes(kindOf(path));
  };
}

/** Documents that need a program to become text. */
const needsProgram = /\.(?:pdf|docx|odt|pptx)$/i;

function unread({ tree }: Ground, within: string, { chat }: AskInput): string[] {
  const found = chat ? [] : tree.files.filter(({ path }) => needsProgram.test(path) && path.startsWith(within));
  if (found.length === 0) return [];
  return [`${found.length} PDF or office documents were not read (${found[0]?.path}): turn them into text first, with pdftotext or pandoc`];
}
