import type { Case, Mutation } from '../../test/patch/mutations.ts';
import type { Block } from './changes.ts';

/** A real change of one file, with the blocks that make it. */
export type Real = {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly diff: string;
  readonly blocks: readonly Block[];
};
type Make = (it: Real) => string | undefined;
type Kind = readonly [kind: string, expect: Mutation['expect'], make: Make];

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
const marks = ({ search, replace }: Block) => `<<<<<<< SEARCH\n${text(search)}=======\n${text(replace)}>>>>>>> REPLACE\n`;
const each = (it: Real, write: (block: Block, at: number) => string) => it.blocks.map(write).join('\n');
const plain: Make = (it) => each(it, (block) => `${it.path}\n${marks(block)}`);
/** A fence that is longer than any in the text. */
const tick = (inner: string) => '`'.repeat(Math.max(3, ...[...inner.matchAll(/`+/g)].map(([all]) => all.length + 1)));
const fenced = (inner: string, info = '') => `${tick(inner)}${info}\n${inner}${tick(inner)}\n`;
const headed =
  (heading: (path: string) => string): Make =>
  (it) =>
    each(it, (block) => `${heading(it.path)}\n${marks(block)}`);
const fencedBelow =
  (heading: (path: string) => string, info = ''): Make =>
  (it) =>
    each(it, (block) => `${heading(it.path)}\n${fenced(marks(block), info)}`);
const change =
  (alter: (block: Block) => Block | undefined): Make =>
  (it) => {
    const blocks = it.blocks.flatMap((block) => alter(block) ?? []);
    return blocks.length === it.blocks.length ? plain({ ...it, blocks }) : undefined;
  };
/** Where a kind of change touches no line, there is nothing to see. */
const differs =
  (make: Make): Make =>
  (it) => {
    const made = make(it);
    return made === plain(it) ? undefined : made;
  };
const both = (alter: (line: string, at: number) => string) =>
  change(({ search, replace }) => ({ search: search.map(alter), replace: replace.map(alter) }));
const html = (all: string) => all.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const quoted = (all: string) => html(all).replaceAll('"', '&quot;').replaceAll("'", '&#39;');
const said = (lines: readonly string[]) => lines.filter((line) => line.trim() !== '');
const isNew = (it: Real, line: string) => !it.before.includes(line);
const tags = (it: Real, write: (block: Block) => string) =>
  /<\/?(?:edit|search|replace|path|file|old|new)/i.test(it.diff) ? undefined : each(it, write);
const whole = (it: Real, body = it.after) => (it.after.endsWith('\n') && it.before.endsWith('\n') ? body : undefined);
const edges = (one: string) => /^\s*\n|\n\s*\n$/.test(one);
const file =
  (write: (path: string, body: string) => string): Make =>
  (it) =>
    whole(it) === undefined || edges(it.before) || edges(it.after) ? undefined : write(it.path, it.after);
const json = (
  it: Real,
  keys: readonly [path: string, search: string, replace: string],
  wrap: (edits: unknown[]) => unknown = (all) => all,
) =>
  JSON.stringify(
    wrap(it.blocks.map(({ search, replace }) => ({ [keys[0]]: it.path, [keys[1]]: search.join('\n'), [keys[2]]: replace.join('\n') }))),
    null,
    2,
  );
/** Deletions of all lines cannot be told from one blank line in forms that join lines. */
const joined =
  (make: Make): Make =>
  (it) =>
    it.blocks.some(({ search, replace }) => search.length === 0 || replace.length === 0 || said(replace).length === 0)
      ? undefined
      : make(it);
const codex = (it: Real, head: (at: number) => string, context = 3): string => {
  const hunks = it.diff.split(/^(?=@@ )/m).slice(1);
  const body = hunks.map((hunk, at) => {
    const rows = hunk.replace(/\n$/, '').split('\n').slice(1);
    const first = rows.findIndex((row) => !row.startsWith(' '));
    const last = rows.findLastIndex((row) => !row.startsWith(' '));
    return `${head(at)}\n${text(rows.slice(Math.max(0, first - context), last + 1 + context))}`;
  });
  return body.join('');
};

const headings: readonly (readonly [name: string, write: (path: string) => string])[] = [
  ['plain', (path) => path],
  ['code', (path) => `\`${path}\``],
  ['bold', (path) => `**${path}**`],
  ['bold-code', (path) => `**\`${path}\`**`],
  ['bold-colon', (path) => `**${path}:**`],
  ['heading-2', (path) => `## ${path}\n`],
  ['heading-3-code', (path) => `### \`${path}\`\n`],
  ['heading-number', (path) => `### 1. \`${path}\`\n`],
  ['quoted', (path) => `"${path}"`],
  ['label', (path) => `File: ${path}`],
  ['label-code', (path) => `File: \`${path}\``],
  ['label-bold', (path) => `**File:** \`${path}\``],
  ['label-path', (path) => `Path: ${path}`],
  ['colon', (path) => `${path}:`],
  ['dot', (path) => `./${path}`],
  ['list', (path) => `- ${path}`],
  ['numbered', (path) => `1. \`${path}\``],
  ['comment', (path) => `// ${path}`],
  ['hash-comment', (path) => `# ${path}`],
  ['html-comment', (path) => `<!-- ${path} -->`],
  ['sentence', (path) => `In \`${path}\`:\n`],
  ['verb', (path) => `Edit \`${path}\`:`],
  ['with-note', (path) => `### \`${path}\` (modified)\n`],
  ['with-line', (path) => `${path}:12`],
  ['tag', (path) => `<path>${path}</path>`],
  ['brackets', (path) => `[${path}]`],
];

/** Answers of models in forms that they like, with the right tree known. */
export const answerKinds: readonly Kind[] = [
  ...headings.map(([name, write]): Kind => [`heading/${name}`, 'gold', headed(write)]),
  ...headings.map(([name, write]): Kind => [`fence-below/${name}`, 'gold', fencedBelow(write, 'ts')]),
  ['heading/on-fence', 'gold', (it) => each(it, (block) => fenced(marks(block), `ts ${it.path}`))],
  ['heading/on-fence-colon', 'gold', (it) => each(it, (block) => fenced(marks(block), `ts:${it.path}`))],
  ['heading/on-fence-title', 'gold', (it) => each(it, (block) => fenced(marks(block), `ts title="${it.path}"`))],
  ['heading/once', 'gold', (it) => `${it.path}\n${each(it, marks)}`],
  ['heading/blank-below', 'gold', headed((path) => `${path}\n\n`)],
  ['heading/other-file', 'reject', headed((path) => `other/${path}.bak`)],
  ['heading/none', 'reject', (it) => each(it, marks)],

  ['after/prose', 'gold', (it) => `${plain(it)}\nThis repairs the bound. Run the tests again.\n`],
  ['after/prose-at-once', 'gold', (it) => `${plain(it)}This repairs the bound.\n`],
  ['after/list', 'gold', (it) => `${plain(it)}\n- one change\n- no other\n`],
  ['after/question', 'gold', (it) => `${plain(it)}\nShall I add a test?`],
  ['after/code', 'gold', (it) => `${plain(it)}\nRun it with:\n\n\`\`\`sh\nnpm test\n\`\`\`\n`],
  ['after/heading', 'gold', (it) => `${plain(it)}\n## Why\n\nThe bound was wrong.\n`],
  ['before/prose', 'gold', (it) => `The cause is a wrong bound in the loop.\n\n${plain(it)}`],
  ['before/code', 'gold', (it) => `It fails here:\n\n\`\`\`\nTypeError: x is not a function\n    at f (x.js:1:2)\n\`\`\`\n\n${plain(it)}`],
  ['before/count', 'gold', (it) => `## Edits: ${it.blocks.length}\n\n${plain(it)}`],
  ['before/miscount', 'gold', (it) => `## Edits: ${it.blocks.length + 1}\n\n${plain(it)}\nThat is all.\n`],
  ['between/prose', 'gold', (it) => it.blocks.map((block) => `${it.path}\n${marks(block)}`).join('\nAnd then the next place:\n\n')],

  ['fence/unclosed', 'gold', (it) => `${it.path}\n${tick(plain(it) ?? '')}ts\n${each(it, marks)}`],
  ['fence/one-for-all', 'gold', (it) => fenced(plain(it) ?? '')],
  ['fence/longer', 'gold', (it) => each(it, (block) => `${it.path}\n\`${fenced(marks(block), 'ts').replace(/\n(`+)\n$/, '\n`$1\n')}`)],
  ['fence/nested', 'gold', (it) => `\`${tick(plain(it) ?? '')}md\nThe edit:\n\n${fenced(plain(it) ?? '')}\`${tick(plain(it) ?? '')}\n`],
  ['fence/tildes', 'gold', (it) => (/^~{3}/m.test(it.diff) ? undefined : each(it, (block) => `${it.path}\n~~~\n${marks(block)}~~~\n`))],
  ['fence/diff', 'gold', (it) => each(it, (block) => `${it.path}\n${fenced(marks(block), 'diff')}`)],
  ['fence/indented', 'gold', (it) => (/^\S/m.test(it.diff) ? plain(it)?.replace(/^(?=.)/gm, '   ') : undefined)],

  [
    'marks/short',
    'gold',
    (it) =>
      /^[<=>]{5}/m.test(it.diff)
        ? undefined
        : plain(it)
            ?.replace(/^<{7}/gm, '<<<<<')
            .replace(/^={7}$/gm, '=====')
            .replace(/^>{7}/gm, '>>>>>'),
  ],
  [
    'marks/nine',
    'gold',
    (it) =>
      plain(it)
        ?.replace(/^<{7} /gm, '<<<<<<<<< ')
        .replace(/^={7}$/gm, '=========')
        .replace(/^>{7} /gm, '>>>>>>>>> '),
  ],
  [
    'marks/original',
    'gold',
    (it) =>
      plain(it)
        ?.replace(/^<{7} SEARCH/gm, '<<<<<<< ORIGINAL')
        .replace(/^>{7} REPLACE/gm, '>>>>>>> UPDATED'),
  ],
  [
    'marks/head',
    'either',
    (it) =>
      plain(it)
        ?.replace(/^<{7} SEARCH/gm, '<<<<<<< HEAD')
        .replace(/^>{7} REPLACE/gm, '>>>>>>> fix'),
  ],
  [
    'marks/dashes',
    'gold',
    (it) =>
      plain(it)
        ?.replace(/^<{7} SEARCH/gm, '------- SEARCH')
        .replace(/^>{7} REPLACE/gm, '+++++++ REPLACE'),
  ],
  ['marks/path-on-open', 'gold', (it) => each(it, (block) => marks(block).replace('SEARCH', `SEARCH ${it.path}`))],
  [
    'marks/lower',
    'gold',
    (it) =>
      plain(it)
        ?.replace(/^<{7} SEARCH/gm, '<<<<<<< search')
        .replace(/^>{7} REPLACE/gm, '>>>>>>> replace'),
  ],
  ['marks/no-close', 'reject', (it) => plain(it)?.replace(/>{7} REPLACE\n$/, '')],
  ['marks/no-middle', 'reject', (it) => (/^={5}/m.test(it.before) ? undefined : plain(it)?.replace(/^={7}\n/gm, ''))],
  [
    'marks/cut-in-replace',
    'reject',
    (it) => plain(it)?.slice(0, -(25 + Math.floor((it.blocks.at(-1)?.replace.join('\n').length ?? 0) / 2))),
  ],
  ['marks/no-open', 'reject', (it) => plain(it)?.replace(/^<{7} SEARCH\n/m, '')],
  ['marks/trailing-blanks', 'gold', (it) => plain(it)?.replace(/^(<{7} SEARCH|={7}|>{7} REPLACE)$/gm, '$1  ')],

  ['escape/html', 'either', (it) => html(plain(it) ?? '')],
  ['escape/html-quotes', 'either', (it) => quoted(plain(it) ?? '')],
  ['escape/html-text-only', 'either', differs(both(html))],
  ['escape/crlf', 'gold', (it) => plain(it)?.replaceAll('\n', '\r\n')],
  ['escape/json-string', 'gold', (it) => JSON.stringify(plain(it))],
  ['escape/backslash-quotes', 'either', differs(both((line) => line.replaceAll('"', '\\"')))],
  ['escape/curly', 'either', differs(both((line) => line.replace(/"([^"]*)"/g, '\u201c$1\u201d').replace(/'([^']*)'/g, '\u2018$1\u2019')))],
  ['escape/nbsp', 'either', differs(both((line) => line.replace(/^ +/, (blanks) => '\u00a0'.repeat(blanks.length))))],
  ['escape/double-backslash', 'either', differs(both((line) => line.replaceAll('\\', '\\\\')))],

  ['space/dedented', 'either', differs(change(({ search, replace }) => ({ search: dedent(search), replace: dedent(replace) })))],
  ['space/trimmed', 'either', differs(both((line) => line.trim()))],
  ['space/search-trimmed', 'either', differs(change(({ search, replace }) => ({ search: search.map((line) => line.trim()), replace })))],
  [
    'space/first-line-trimmed',
    'either',
    differs(change(({ search: [one = '', ...rest], replace }) => ({ search: [one.trimStart(), ...rest], replace }))),
  ],
  ['space/tabs-to-4', 'either', differs(both((line) => line.replace(/^\t+/, (tabs) => '    '.repeat(tabs.length))))],
  ['space/4-to-tabs', 'either', differs(both((line) => line.replace(/^(?: {4})+/, (blanks) => '\t'.repeat(blanks.length / 4))))],
  ['space/2-to-4', 'either', differs(both((line) => line.replace(/^ +/, (blanks) => blanks + blanks)))],
  ['space/shifted', 'either', differs(both((line) => (line.trim() === '' ? line : `  ${line}`)))],
  ['space/trailing-stripped', 'either', differs(both((line) => line.trimEnd()))],
  [
    'space/blank-edges',
    'gold',
    differs(
      change(({ search, replace }) =>
        edged(search) || edged(replace) ? undefined : { search: ['', ...search, ''], replace: ['', ...replace, ''] },
      ),
    ),
  ],
  [
    'space/blank-line-lost',
    'either',
    differs(
      change(({ search, replace }) => ({
        search: search.filter((line) => line.trim() !== ''),
        replace: replace.filter((line) => line.trim() !== ''),
      })),
    ),
  ],

  ['numbers/bar', 'either', both((line, at) => `${at + 10}| ${line}`)],
  ['numbers/colon', 'either', both((line, at) => `${at + 10}: ${line}`)],
  ['numbers/padded', 'either', both((line, at) => `${String(at + 10).padStart(5)}\t${line}`)],
  [
    'numbers/replace-only',
    'reject',
    change(({ search, replace }) =>
      said(replace).length > 2 ? { search, replace: replace.map((line, at) => `${at + 10}| ${line}`) } : undefined,
    ),
  ],
  [
    'signs/both',
    'either',
    change(({ search, replace }) => ({ search: search.map((line) => `-${line}`), replace: replace.map((line) => `+${line}`) })),
  ],
  [
    'signs/replace-only',
    'reject',
    (it) =>
      /^[-+]/m.test(it.before) || it.blocks.some(({ search, replace }) => said(replace).filter((line) => search.includes(line)).length < 2)
        ? undefined
        : change(({ search, replace }) => ({ search, replace: replace.map((line) => (search.includes(line) ? ` ${line}` : `+${line}`)) }))(
            it,
          ),
  ],

  [
    'elided/replace-end',
    'reject',
    (it) => change(({ search, replace }) => ({ search, replace: [...replace, '// ... rest of the code unchanged ...'] }))(it),
  ],
  [
    'elided/replace-start',
    'reject',
    (it) => change(({ search, replace }) => ({ search, replace: ['# ... existing code ...', ...replace] }))(it),
  ],
  [
    'elided/replace-dots',
    'reject',
    (it) =>
      isNew(it, '...')
        ? change(({ search, replace }) =>
            replace.length > 2 ? { search, replace: [...replace.slice(0, 1), '...', ...replace.slice(2)] } : undefined,
          )(it)
        : undefined,
  ],
  [
    'elided/search-dots',
    'either',
    change(({ search, replace }) => (search.length > 3 ? { search: [search[0] ?? '', '...', search.at(-1) ?? ''], replace } : undefined)),
  ],
  [
    'elided/both-dots',
    'either',
    change(({ search, replace }) =>
      search.length > 6 && replace.length > 6
        ? { search: [...search.slice(0, 2), '...', ...search.slice(-2)], replace: [...replace.slice(0, 2), '...', ...replace.slice(-2)] }
        : undefined,
    ),
  ],
  [
    'elided/both-end',
    'gold',
    change(({ search, replace }) => ({
      search: [...search, '// ... rest unchanged ...'],
      replace: [...replace, '// ... rest unchanged ...'],
    })),
  ],
  [
    'elided/both-unchanged',
    'either',
    change(({ search, replace }) => {
      const changed = search.findIndex((line, at) => line !== replace[at]);
      if (changed < 3) return undefined;
      const thin = (lines: readonly string[]) => [lines[0] ?? '', '# ... existing code ...', ...lines.slice(changed - 1)];
      return { search: thin(search), replace: thin(replace) };
    }),
  ],
  [
    'wrong/search-typo',
    'either',
    change(({ search, replace }) => ({
      search: search.map((line, at) => (at === search.length - 1 ? line.replace(/(\w{3})(\w)/, '$1q') : line)),
      replace,
    })),
  ],
  ['wrong/search-invented', 'reject', change(({ search, replace }) => ({ search: [...search, 'this_line_was_never_there(7);'], replace }))],
  [
    'wrong/search-line-lost',
    'either',
    change(({ search, replace }) => (search.length > 3 ? { search: [...search.slice(0, 1), ...search.slice(2)], replace } : undefined)),
  ],
  [
    'wrong/twice-different',
    'reject',
    (it) => change(({ search, replace }) => ({ search, replace: [...replace, 'another();'] }))(it)?.concat('\n', plain(it) ?? ''),
  ],
  ['twice/same', 'gold', (it) => `${plain(it)}\nAll of it once more:\n\n${plain(it)}`],
  ['twice/draft-in-thought', 'gold', (it) => `<think>\nLet me try:\n${plain(it)}\nNo, wait.\n</think>\n${plain(it)}`],
  ['order/reversed', 'gold', (it) => plain({ ...it, blocks: [...it.blocks].reverse() })],

  ['json/path-search-replace', 'gold', joined((it) => json(it, ['path', 'search', 'replace']))],
  ['json/edits', 'gold', joined((it) => json(it, ['file', 'old_string', 'new_string'], (edits) => ({ edits })))],
  ['json/fenced', 'gold', joined((it) => fenced(`${json(it, ['file_path', 'old_str', 'new_str'])}\n`, 'json'))],
  [
    'json/prose-around',
    'gold',
    joined((it) => `The fix:\n\n${fenced(`${json(it, ['path', 'old_text', 'new_text'])}\n`, 'json')}\nDone.\n`),
  ],
  [
    'json/call',
    'gold',
    joined((it) =>
      JSON.stringify(
        it.blocks.map(({ search, replace }) => ({
          name: 'str_replace',
          arguments: JSON.stringify({ path: it.path, old_str: search.join('\n'), new_str: replace.join('\n') }),
        })),
      ),
    ),
  ],
  [
    'json/lines',
    'gold',
    joined((it) =>
      it.blocks
        .map(({ search, replace }) => JSON.stringify({ path: it.path, search: search.join('\n'), replace: replace.join('\n') }))
        .join('\n'),
    ),
  ],
  ['json/cut', 'reject', joined((it) => json(it, ['path', 'search', 'replace']).slice(0, -12))],
  [
    'json/no-search',
    'reject',
    joined((it) => JSON.stringify(it.blocks.map(({ replace }) => ({ path: it.path, replace: replace.join('\n'), line: 3 })))),
  ],
  ['json/diff', 'gold', (it) => JSON.stringify({ explanation: 'a bound', diff: it.diff })],
  ['json/whole', 'gold', file((path, body) => JSON.stringify({ files: [{ path, content: body }] }))],

  [
    'tags/edit',
    'gold',
    joined((it) =>
      tags(
        it,
        ({ search, replace }) =>
          `<edit>\n<path>${it.path}</path>\n<search>\n${text(search)}</search>\n<replace>\n${text(replace)}</replace>\n</edit>\n`,
      ),
    ),
  ],
  [
    'tags/old-new',
    'gold',
    joined((it) =>
      tags(
        it,
        ({ search, replace }) =>
          `<edit path="${it.path}">\n<old_string>\n${text(search)}</old_string>\n<new_string>\n${text(replace)}</new_string>\n</edit>\n`,
      ),
    ),
  ],
  [
    'tags/call',
    'gold',
    joined((it) =>
      tags(
        it,
        ({ search, replace }) =>
          `<invoke name="edit">\n<parameter name="path">${it.path}</parameter>\n<parameter name="old_str">${search.join('\n')}</parameter>\n<parameter name="new_str">${replace.join('\n')}</parameter>\n</invoke>\n`,
      ),
    ),
  ],
  [
    'tags/arguments',
    'gold',
    joined((it) =>
      tags(
        it,
        ({ search, replace }) =>
          `<tool_call>edit\n<arg_key>path</arg_key>\n<arg_value>${it.path}</arg_value>\n<arg_key>old_str</arg_key>\n<arg_value>${search.join('\n')}</arg_value>\n<arg_key>new_str</arg_key>\n<arg_value>${replace.join('\n')}</arg_value>\n</tool_call>\n`,
      ),
    ),
  ],
  [
    'tags/cut',
    'reject',
    joined((it) =>
      tags(it, ({ search, replace }) => `<edit>\n<path>${it.path}</path>\n<search>\n${text(search)}</search>\n<replace>\n${text(replace)}`),
    ),
  ],
  [
    'tags/fenced',
    'gold',
    joined((it) =>
      tags(it, ({ search, replace }) =>
        fenced(
          `<edit>\n<path>${it.path}</path>\n<search>\n${text(search)}</search>\n<replace>\n${text(replace)}</replace>\n</edit>\n`,
          'xml',
        ),
      ),
    ),
  ],
  [
    'tags/escaped',
    'either',
    joined((it) =>
      tags(
        it,
        ({ search, replace }) =>
          `<edit>\n<path>${it.path}</path>\n<search>\n${html(text(search))}</search>\n<replace>\n${html(text(replace))}</replace>\n</edit>\n`,
      ),
    ),
  ],
  [
    'tags/whole',
    'gold',
    (it) => (/<\/?file/.test(it.after) ? undefined : file((path, body) => `<file path="${path}">\n${body}</file>\n`)(it)),
  ],

  ['codex/bare', 'either', (it) => `*** Begin Patch\n*** Update File: ${it.path}\n${codex(it, () => '@@')}*** End Patch\n`],
  ['codex/fenced', 'either', (it) => fenced(`*** Begin Patch\n*** Update File: ${it.path}\n${codex(it, () => '@@')}*** End Patch\n`)],
  [
    'codex/heredoc',
    'either',
    (it) =>
      fenced(`apply_patch <<'EOF'\n*** Begin Patch\n*** Update File: ${it.path}\n${codex(it, () => '@@')}*** End Patch\nEOF\n`, 'bash'),
  ],
  [
    'codex/prose-after',
    'either',
    (it) => `*** Begin Patch\n*** Update File: ${it.path}\n${codex(it, () => '@@')}*** End Patch\n\nThat repairs it.\n`,
  ],
  ['codex/no-end', 'reject', (it) => `*** Begin Patch\n*** Update File: ${it.path}\n${codex(it, () => '@@')}`],
  ['codex/one-line-around', 'either', (it) => `*** Begin Patch\n*** Update File: ${it.path}\n${codex(it, () => '@@', 1)}*** End Patch\n`],
  ['codex/other-file', 'reject', (it) => `*** Begin Patch\n*** Update File: nowhere/${it.path}.x\n${codex(it, () => '@@')}*** End Patch\n`],

  ['whole/fence', 'gold', file((path, body) => `${path}\n${fenced(body, 'ts')}`)],
  ['whole/fence-info', 'gold', file((path, body) => fenced(body, `ts ${path}`))],
  ['whole/heading', 'gold', file((path, body) => `### \`${path}\`\n\n${fenced(body, 'ts')}`)],
  ['whole/prose-after', 'gold', file((path, body) => `**${path}**\n\n${fenced(body)}\nDone.\n`)],
  ['whole/blank-edges', 'gold', file((path, body) => `${path}\n${fenced(`\n${body}\n`, 'ts')}`)],
  ['whole/crlf', 'gold', file((path, body) => `${path}\n${fenced(body, 'ts')}`.replaceAll('\n', '\r\n'))],
  ['whole/cut-half', 'reject', file((path, body) => `${path}\n${tick(body)}ts\n${body.slice(0, body.length / 2)}`)],
  [
    'whole/cut-closed',
    'reject',
    file((path, body) =>
      body.length > 800 ? `${path}\n${fenced(`${body.slice(0, body.length * 0.4).replace(/\n[^\n]*$/, '')}\n`, 'ts')}` : '',
    ),
  ],
  [
    'whole/elided',
    'reject',
    file((path, body) =>
      body.split('\n').length > 40
        ? `${path}\n${fenced(`${body.split('\n').slice(0, 10).join('\n')}\n// ... rest of the file is unchanged ...\n`, 'ts')}`
        : '',
    ),
  ],
  ['whole/unnamed', 'reject', file((_path, body) => (/^\s*(?:\/\/|#|\/\*|<!--|--|;|%|""")/.test(body) ? '' : fenced(body, 'ts')))],
  [
    'whole/shown-beside',
    'gold',
    (it) =>
      it.blocks.some(({ replace }) => said(replace).length > 2)
        ? `${plain(it)}\nAfterwards it reads:\n\n${fenced(text(it.blocks[0]?.replace ?? []), 'ts')}`
        : undefined,
  ],

  ['diff/applied-before', 'either', (it) => it.diff],
  ['none/prose', 'reject', () => 'The bound is wrong. Change `<=` to `<` in the loop and run the tests again.'],
  ['none/refusal', 'reject', (it) => `I cannot change ${it.path} without seeing more of it.`],
  ['none/code-only', 'reject', (it) => fenced(text(it.blocks[0]?.replace ?? ['x']), 'ts')],
];

function dedent(lines: readonly string[]): string[] {
  const least = Math.min(...said(lines).map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0));
  return lines.map((line) => (line.trim() === '' ? line : line.slice(least)));
}

function edged(lines: readonly string[]): boolean {
  return lines[0]?.trim() === '' || lines.at(-1)?.trim() === '';
}

/** All answers that make sense for a real change. */
export function answersOf(it: Real): Mutation[] {
  return answerKinds.flatMap(([kind, expect, make]) => {
    const answer = make(it);
    return answer ? [{ kind, expect, text: answer }] : [];
  });
}

/** The same change as a case of the mutations that the tests try on files of our own. */
export function toCase({ path, before, after, diff }: Real): Case {
  return { name: path, before: { [path]: before }, after: { [path]: after }, diff };
}
