import type { Addition, Problem } from './addition.ts';
import { factsOf } from './facts.ts';

const noun =
  '(?:code|implementation|imports?|methods?|functions?|class(?:es)?|logic|contents?|lines?|tests?|fields?|properties|props|definitions?|body|stuff|parts?|sections?|members?|cases?|routes|exports?|variables|setup|file|module|script|config(?:uration)?|options|rules|handlers?|checks?|declarations?|statements?|helpers|styles|template|entries|items)';
const which =
  '(?:the |all |your |any |my )*(?:existing|previous|original|remaining|unchanged|other|rest of(?: the| this| your)?|current|remainder of(?: the)?)';
const stays =
  '(?:(?:which )?(?:is|are|stays?|remains?|goes?|continues?)? ?(?:unchanged|unmodified|the same|identical|here|omitted|as (?:before|is|they are|it is)|untouched|elided|intact|below|above|follows?))';

/** What may as well be the heading of what follows: "Other options", "The rest", "Existing tests". */
const heading = new RegExp(
  `^(?:the |all )?(?:rest|remainder|remaining|others?|everything else|all else|(?:${which}) (?:\\w+ ){0,2}(?!code|implementation|logic|content)${noun})$`,
);

/** What a comment says that stands for code which is not written out, in the words that models use. */
const sayings: readonly RegExp[] = [
  new RegExp(`^(?:${which}) (?:\\w+ ){0,2}${noun}(?:,? ${stays}.{0,30})?$`),
  new RegExp(`^(?:the |all )?(?:rest|remainder|remaining|others?|everything else|all else)(?: of .{1,30}?)?(?: ${stays}.{0,30})?$`),
  new RegExp(
    `^(?:keep|leave|preserve|retain|insert|copy|include|add) (?:${which} )(?:\\w+ ){0,2}${noun}(?: (?:here|unchanged|as (?:before|is|it is|they are)).*)?$`,
  ),
  /^(?:unchanged|unmodified|omitted|elided|snip(?:ped)?|truncated|same as (?:before|original|in the original)|as before|no changes?(?: (?:here|below|above|needed|required|from here))?|nothing changed(?: here)?)$/,
  /^(?:code|lines?|content|implementation|body|function|method|file) (?:is |are |stays? |remains? )?(?:omitted|unchanged|truncated|snipped|elided|the same|as before).{0,30}$/,
  /\b(?:omitted|snipped|truncated|elided|shortened|abbreviated|removed|left out) for (?:brevity|clarity|readability|space)\b/,
  /^(?:your|the|existing|previous) (?:\w+ ){0,2}(?:code|logic|implementation) (?:goes |stays )?here$/,
  /(?:省略|保持不变|以下略|変更なし|변경 없음|생략|без изменений|остальной код|sin cambios|resto del código|restante do código|sem alterações|reste du code|inchangé|unverändert|restlicher? code)/,
  /(?:其余|其他|剩余|原有|现有|已有)(?:的)?(?:代码|部分|内容|方法|函数|逻辑|导入|实现)/,
];

const comment = /^(?:\/\/|#+|--|;+|<!--|\/\*+|\{\/\*|\*|%|"""|\.{3}|…|⋮|\[|\(|\{)/;

/** A line that stands for code which is not written out. Such a line of the file's own is what it says. */
export function elision(it: Addition): Problem | undefined {
  const own = factsOf(it.file).trimmed;
  return problemOf(marksIn(it).find(({ text, sure }) => !own.has(text) && (sure || takesMore(it))));
}

/** As `elision`, of words that a file may well hold: those that it holds elsewhere, where more lines go than come. */
export function likelyElision(it: Addition): Problem | undefined {
  const gone = new Set(it.removed.map((line) => line.trim()));
  return takesMore(it) ? problemOf(marksIn(it).find(({ text }) => !gone.has(text))) : undefined;
}

type Mark = { readonly text: string; readonly sure: boolean };

function problemOf(mark: Mark | undefined): Problem | undefined {
  return mark && { rule: 'elision', message: `"${mark.text}" stands for code that is not written out.` };
}

function marksIn({ runs, path }: Addition): Mark[] {
  const python = /\.pyi?$/.test(path);
  return runs.flatMap(({ above, lines, below }) => {
    const all = [above, ...lines, below];
    return lines.flatMap((line, at) => {
      const text = line.trim();
      const stands = standsForCode(text);
      if (!stands || (python && (text === '...,' || (/^(?:\.{3}|…)$/.test(text) && isStub(all, at + 1))))) return [];
      return [{ text, sure: stands === 'surely' }];
    });
  });
}

function takesMore({ runs, removed }: Addition): boolean {
  const said = (lines: readonly string[]) => lines.filter((line) => line.trim() !== '').length;
  return said(removed) > said(runs.flatMap(({ lines }) => lines));
}

/** `...rest`, `{...props}`, `...(more ?? []),`: dots that spread what follows them. */
const spread = /^[([{]?\s*\.{3}(?:[A-Za-z_$][\w$.?[\]()]*|\(.*\)|\[.*\]|\{.*\})\s*[)\]}]*[,;]?$/;

/** Does a line, without the blanks around it, stand for code that is not written out? Headings of code that follows say `perhaps` the same. */
export function standsForCode(text: string): 'surely' | 'perhaps' | undefined {
  if (!comment.test(text) || spread.test(text)) return undefined;
  if (/^(?:\/\/|#|--|;|<!--|\/\*|\{\/\*|[[({])?\s*(?:\.{3,}|…|⋮)\s*(?:-->|\*\/\}?|[\])}])?,?;?$/.test(text)) return 'surely';
  if (/^\W*(?:\.{3}|…)\s*[\w ]{2,40}\s*(?:\.{3}|…)\W*$/.test(text)) return 'surely';
  const said = text
    .toLowerCase()
    .replace(/^(?:todo|note)\b:?\s*/, '')
    .replace(/^[\s/*#<!;"%[({.…⋮-]+|[\s/*>"\])}.…:⋮-]+$/g, '')
    .replace(/^(?:todo|note)\b:?\s*/, '')
    .replace(/\s+/g, ' ');
  if (said.length > 80) return undefined;
  const dotted = /\.{3}|…/.test(text);
  if (sayings.some((saying) => saying.test(said))) return dotted || !(heading.test(said) || /^#{2,} /.test(text)) ? 'surely' : 'perhaps';
  return dotted && /\b(?:existing|rest|remaining|unchanged|same|omitted|other|previous|more|truncated|snip)\b/.test(said)
    ? 'surely'
    : undefined;
}

/** The body of a Python function that has none: below a line that opens a block, and nothing as deep follows. */
function isStub(added: readonly string[], at: number): boolean {
  const depth = (line: string) => line.length - line.trimStart().length;
  const beside = (step: 1 | -1) => {
    let next = at + step;
    while (added[next]?.trim() === '') next += step;
    return added[next];
  };
  const [above, below] = [beside(-1), beside(1)];
  const own = depth(added[at] ?? '');
  if (above === undefined || !/(?::|"""|''')\s*(?:#.*)?$/.test(above)) return false;
  return below === undefined || depth(below) < own;
}
