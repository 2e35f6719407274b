/** A known good change: files before and after, null = does not exist, and git's own diff between them. */
export type Case = {
  readonly name: string;
  readonly before: Readonly<Record<string, string | null>>;
  readonly after: Readonly<Record<string, string | null>>;
  readonly diff: string;
};

/** `gold`: must be applied. `either`: gold or refused. `reject`: must be refused. A tree other than the gold one is always wrong. */
export type Mutation = { readonly kind: string; readonly expect: 'gold' | 'either' | 'reject'; readonly text: string };

type Make = (it: Case) => string | undefined;
type Kind = readonly [kind: string, expect: Mutation['expect'], make: Make];

const fenced = (text: string, info = 'diff', mark = '```') => `${mark}${info}\n${text.replace(/\n?$/, '\n')}${mark}\n`;
const lines = (text: string) => text.replace(/\n$/, '').split('\n');
const unlines = (all: readonly string[]) => `${all.join('\n')}\n`;

/** Changes the lines of hunks and leaves headers alone. */
function inHunks(diff: string, change: (line: string, at: number) => string | undefined): string {
  let body = false;
  return unlines(
    lines(diff).flatMap((line, at) => {
      if (line.startsWith('diff ')) body = false;
      if (line.startsWith('@@')) {
        body = true;
        return [line];
      }
      if (!body) return [line];
      const changed = change(line, at);
      return changed === undefined ? [] : [changed];
    }),
  );
}

const headers = (diff: string, change: (line: string) => string | undefined) => {
  let body = false;
  return unlines(
    lines(diff).flatMap((line) => {
      if (line.startsWith('diff ')) body = false;
      if (line.startsWith('@@')) body = true;
      if (body) return [line];
      const changed = change(line);
      return changed === undefined ? [] : [changed];
    }),
  );
};

const hunkHeads = (diff: string, change: (a: number, b: number, c: number, d: number) => string) =>
  diff.replace(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm, (_, a, b = '1', c, d = '1') =>
    change(Number(a), Number(b), Number(c), Number(d)),
  );

type Hunk = { readonly head: string; readonly body: readonly string[] };
type Section = { readonly head: readonly string[]; readonly hunks: readonly Hunk[]; readonly path: string };

function sections(diff: string): Section[] {
  return diff
    .split(/^(?=diff --git )/m)
    .filter(Boolean)
    .map((text) => {
      const all = lines(text);
      const first = all.findIndex((line) => line.startsWith('@@'));
      const head = first === -1 ? all : all.slice(0, first);
      const hunks: { head: string; body: string[] }[] = [];
      for (const line of first === -1 ? [] : all.slice(first)) {
        if (line.startsWith('@@')) hunks.push({ head: line, body: [] });
        else hunks.at(-1)?.body.push(line);
      }
      const path = /^\+\+\+ b\/(.*)$/m.exec(text)?.[1] ?? /^--- a\/(.*)$/m.exec(text)?.[1] ?? / b\/(.*)$/m.exec(head[0] ?? '')?.[1] ?? '';
      return { head, hunks, path };
    });
}

const joinSections = (all: readonly Section[]) =>
  unlines(all.flatMap(({ head, hunks }) => [...head, ...hunks.flatMap((hunk) => [hunk.head, ...hunk.body])]));

const mapHunks = (diff: string, change: (hunk: Hunk, place: number, all: readonly Hunk[]) => readonly Hunk[]) =>
  joinSections(
    sections(diff).map((section) => ({ ...section, hunks: section.hunks.flatMap((hunk, place) => change(hunk, place, section.hunks)) })),
  );

const isPlain = (it: Case) =>
  Object.keys(it.before).every((path) => it.before[path] !== null && it.after[path] !== null) && !/\\ No newline/.test(it.diff);
const plain =
  (make: Make): Make =>
  (it) =>
    isPlain(it) ? make(it) : undefined;

/** Search/replace blocks for the hunks, in the form that is asked for. */
function blocks(it: Case, style: (path: string, search: string, replace: string) => string): string | undefined {
  if (!isPlain(it)) return undefined;
  return sections(it.diff)
    .flatMap(({ path, hunks }) =>
      hunks.map(({ body }) => {
        const side = (mark: string) =>
          body
            .filter((line) => !line.startsWith(mark))
            .map((line) => line.slice(1))
            .join('\n');
        return style(path, side('+'), side('-'));
      }),
    )
    .join('\n');
}

const block = (path: string, search: string, replace: string) =>
  `${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
const dedentBlock = (text: string) => {
  const said = text.split('\n').filter((line) => line.trim() !== '');
  const least = Math.min(...said.map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0));
  return text
    .split('\n')
    .map((line) => line.slice(least))
    .join('\n');
};

function envelope(it: Case): string {
  const parts = sections(it.diff).map(({ path, hunks, head }) => {
    if (it.before[path] === null) {
      return `*** Add File: ${path}\n${(it.after[path] ?? '')
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `+${line}`)
        .join('\n')}`;
    }
    if (it.after[path] === null && !head.some((line) => line.startsWith('rename'))) return `*** Delete File: ${path}`;
    return `*** Update File: ${path}\n${hunks.map(({ body }) => ['@@', ...body].join('\n')).join('\n')}`;
  });
  return `*** Begin Patch\n${parts.join('\n')}\n*** End Patch\n`;
}

const curly = (text: string) =>
  text
    .replace(/"([^"\n]*)"/g, '\u201c$1\u201d')
    .replace(/'([^'\n]*)'/g, '\u2018$1\u2019')
    .replaceAll("'", '\u2019')
    .replaceAll('"', '\u201d');
const html = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

function cutAt(part: number, atLine: boolean): Make {
  return (it) => {
    const at = Math.floor(it.diff.length * part);
    const text = it.diff.slice(0, at);
    return atLine ? text.slice(0, text.lastIndexOf('\n') + 1) : text;
  };
}

const kinds: readonly Kind[] = [
  ['wrap/raw', 'gold', (it) => it.diff],
  ['wrap/fence', 'gold', (it) => fenced(it.diff)],
  ['wrap/fence-patch', 'gold', (it) => fenced(it.diff, 'patch')],
  ['wrap/fence-bare', 'gold', (it) => fenced(it.diff, '')],
  ['wrap/fence-tilde', 'gold', (it) => fenced(it.diff, 'diff', '~~~')],
  ['wrap/fence-four', 'gold', (it) => fenced(it.diff, 'diff', '````')],
  ['wrap/fence-unclosed', 'gold', (it) => `Here it is:\n\n\`\`\`diff\n${it.diff}`],
  ['wrap/fence-info', 'gold', (it) => fenced(it.diff, 'diff title="fix.patch"')],
  ['wrap/prose-before', 'gold', (it) => `The cause is a wrong bound.\n\n${it.diff}`],
  ['wrap/prose-after', 'gold', (it) => `${it.diff}\nThis repairs the bound. Run the tests again.\n`],
  ['wrap/prose-around-fence', 'gold', (it) => `The cause:\n\n1. one\n2. two\n\n${fenced(it.diff)}\n- Changed the bound\n- Nothing else\n`],
  ['wrap/list-after', 'gold', (it) => `${it.diff}\n- Fixed the bound in \`f\`\n- Kept the rest\n`],
  ['wrap/plus-list-after', 'gold', (it) => `${it.diff}\n\n+ Fixed the bound in \`f\`\n+ Kept the rest\n`],
  ['wrap/quote', 'gold', (it) => unlines(lines(it.diff).map((line) => `> ${line}`))],
  ['wrap/indent', 'gold', (it) => `The patch:\n\n${unlines(lines(it.diff).map((line) => `    ${line}`))}`],
  ['wrap/list-fence', 'gold', (it) => `1. Apply this:\n\n${unlines(lines(fenced(it.diff)).map((line) => `   ${line}`))}`],
  [
    'wrap/fence-per-file',
    'gold',
    (it) =>
      sections(it.diff)
        .map((one) => `### ${one.path}\n\n${fenced(joinSections([one]))}`)
        .join('\n'),
  ],
  [
    'wrap/fence-per-hunk',
    'gold',
    plain((it) =>
      sections(it.diff)
        .flatMap((one) => one.hunks.map((hunk) => fenced(joinSections([{ ...one, hunks: [hunk] }]))))
        .join('\nand\n\n'),
    ),
  ],
  [
    'wrap/prose-between-hunks',
    'gold',
    plain((it) =>
      mapHunks(it.diff, (hunk, place) => [place > 0 ? hunk : hunk]).replace(/\n@@/g, (match, at: number) =>
        it.diff.slice(0, at).includes('\n@@') ? `\n\nAnd then the next place:\n\n@@` : match,
      ),
    ),
  ],
  ['wrap/think', 'gold', (it) => `<think>\nMaybe:\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-draft\n+other draft\n</think>\n\n${fenced(it.diff)}`],
  [
    'wrap/think-open',
    'gold',
    (it) => `Let me see. A draft:\n${fenced('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-draft\n+other\n')}\n</think>\n\n${fenced(it.diff)}`,
  ],
  ['wrap/json-string', 'gold', (it) => JSON.stringify(it.diff)],
  ['wrap/json-object', 'gold', (it) => JSON.stringify({ cause: 'a bound', patch: it.diff })],
  ['wrap/json-fence', 'gold', (it) => fenced(JSON.stringify({ patch: it.diff }, null, 2), 'json')],
  ['wrap/escaped-newlines', 'gold', (it) => JSON.stringify(it.diff).slice(1, -1)],
  ['wrap/html', 'gold', (it) => html(it.diff)],
  ['wrap/html-fence', 'gold', (it) => fenced(html(it.diff))],
  ['wrap/crlf', 'gold', (it) => it.diff.replaceAll('\n', '\r\n')],
  ['wrap/bom', 'gold', (it) => `\ufeff${it.diff}`],
  ['wrap/twice', 'gold', (it) => `${fenced(it.diff)}\nThe whole patch once more:\n\n${fenced(it.diff)}`],
  ['wrap/heredoc', 'gold', (it) => fenced(`git apply <<'EOF'\n${it.diff}EOF\n`, 'bash')],
  [
    'wrap/mail',
    'gold',
    (it) =>
      `From 0123456789abcdef Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: [PATCH] Repair\n\n---\n file | 2 +-\n 1 file changed\n\n${it.diff}-- \n2.39.2\n`,
  ],
  ['wrap/no-final-newline', 'gold', (it) => it.diff.replace(/\n$/, '')],
  ['wrap/blank-lines', 'gold', (it) => `\n\n\n${it.diff}\n\n\n`],

  ['header/no-git-line', 'gold', plain((it) => headers(it.diff, (line) => (/^(?:diff|index)/.test(line) ? undefined : line)))],
  ['header/no-index', 'gold', (it) => headers(it.diff, (line) => (line.startsWith('index') ? undefined : line))],
  [
    'header/no-prefix',
    'gold',
    plain((it) => headers(it.diff, (line) => (/^(?:diff|index)/.test(line) ? undefined : line.replace(/^(---|\+\+\+) [ab]\//, '$1 ')))),
  ],
  [
    'header/dot-prefix',
    'gold',
    plain((it) => headers(it.diff, (line) => (/^(?:diff|index)/.test(line) ? undefined : line.replace(/^(---|\+\+\+) [ab]\//, '$1 ./')))),
  ],
  [
    'header/time',
    'gold',
    plain((it) => headers(it.diff, (line) => line.replace(/^((?:---|\+\+\+) .*)$/, '$1\t2026-01-02 03:04:05.000000000 +0000'))),
  ],
  ['header/quoted', 'gold', plain((it) => headers(it.diff, (line) => line.replace(/^(---|\+\+\+) (.*)$/, '$1 "$2"')))],
  ['header/only-new', 'gold', plain((it) => headers(it.diff, (line) => (/^(?:diff|index|---)/.test(line) ? undefined : line)))],
  ['header/only-old', 'gold', plain((it) => headers(it.diff, (line) => (/^(?:diff|index|\+\+\+)/.test(line) ? undefined : line)))],
  ['header/only-git', 'gold', plain((it) => headers(it.diff, (line) => (/^(?:index|---|\+\+\+)/.test(line) ? undefined : line)))],
  [
    'header/one-prefix',
    'gold',
    plain((it) => headers(it.diff, (line) => (/^(?:diff|index)/.test(line) ? undefined : line.replace(/^\+\+\+ b\//, '+++ ')))),
  ],
  ['header/prefix-old-new', 'gold', plain((it) => headers(it.diff, (line) => line.replace(/ a\//g, ' i/').replace(/ b\//g, ' w/')))],
  [
    'header/index-form',
    'gold',
    plain((it) =>
      headers(it.diff, (line) =>
        line.startsWith('diff') ? `Index: ${/ b\/(.*)$/.exec(line)?.[1]}\n${'='.repeat(67)}` : line.startsWith('index') ? undefined : line,
      ),
    ),
  ],
  [
    'header/backslash',
    'either',
    plain((it) =>
      headers(it.diff, (line) =>
        /^(?:diff|index)/.test(line) ? undefined : line.replaceAll('/', '\\').replace(/^(---|\+\+\+) [ab]\\/, '$1 '),
      ),
    ),
  ],
  [
    'header/path-in-heading',
    'gold',
    plain((it) =>
      sections(it.diff)
        .map((one) => `### \`${one.path}\`\n\n${fenced(unlines(one.hunks.flatMap((hunk) => [hunk.head, ...hunk.body])))}`)
        .join('\n'),
    ),
  ],
  [
    'header/absolute',
    'either',
    plain((it) =>
      headers(it.diff, (line) => (/^(?:diff|index)/.test(line) ? undefined : line.replace(/^(---|\+\+\+) [ab]\//, '$1 /repo/'))),
    ),
  ],
  ['header/none', 'either', plain((it) => headers(it.diff, () => undefined))],
  ['header/wrong-file', 'reject', plain((it) => headers(it.diff, (line) => line.replace(/([ab])\/\S+/g, '$1/no/such/file.txt')))],
  ['header/blank-between', 'gold', plain((it) => headers(it.diff, (line) => (line.startsWith('+++') ? `\n${line}` : line)))],

  [
    'hunk/lines-off-by-7',
    'gold',
    (it) => (isPlain(it) ? hunkHeads(it.diff, (a, b, c, d) => `@@ -${a + 7},${b} +${c + 7},${d} @@`) : undefined),
  ],
  ['hunk/lines-one', 'either', plain((it) => hunkHeads(it.diff, (_a, b, _c, d) => `@@ -1,${b} +1,${d} @@`))],
  ['hunk/lines-zero', 'either', plain((it) => hunkHeads(it.diff, (_a, b, _c, d) => `@@ -0,${b} +0,${d} @@`))],
  ['hunk/counts-plus-1', 'gold', plain((it) => hunkHeads(it.diff, (a, b, c, d) => `@@ -${a},${b + 1} +${c},${d + 1} @@`))],
  ['hunk/counts-plus-5', 'gold', plain((it) => hunkHeads(it.diff, (a, b, c, d) => `@@ -${a},${b + 5} +${c},${d + 5} @@`))],
  ['hunk/counts-minus-1', 'gold', plain((it) => hunkHeads(it.diff, (a, b, c, d) => `@@ -${a},${b - 1} +${c},${d - 1} @@`))],
  [
    'hunk/counts-minus-3',
    'gold',
    plain((it) => hunkHeads(it.diff, (a, b, c, d) => `@@ -${a},${Math.max(0, b - 3)} +${c},${Math.max(0, d - 3)} @@`)),
  ],
  ['hunk/counts-zero', 'gold', plain((it) => hunkHeads(it.diff, (a, _b, c) => `@@ -${a},0 +${c},0 @@`))],
  ['hunk/counts-gone', 'gold', plain((it) => hunkHeads(it.diff, (a, _b, c) => `@@ -${a} +${c} @@`))],
  ['hunk/counts-swapped', 'gold', plain((it) => hunkHeads(it.diff, (a, b, c, d) => `@@ -${a},${d} +${c},${b} @@`))],
  ['hunk/no-numbers', 'either', plain((it) => it.diff.replace(/^@@ .*$/gm, '@@ ... @@'))],
  ['hunk/bare', 'either', plain((it) => it.diff.replace(/^@@ .*$/gm, '@@'))],
  ['hunk/no-second-at', 'gold', plain((it) => it.diff.replace(/^(@@ -\S+ \+\S+) @@.*$/gm, '$1'))],
  ['hunk/heading', 'gold', plain((it) => it.diff.replace(/^(@@ -\S+ \+\S+ @@).*$/gm, '$1 some other heading'))],
  ['hunk/no-heading', 'gold', (it) => it.diff.replace(/^(@@ -\S+ \+\S+ @@).*$/gm, '$1')],
  ['hunk/spaced-head', 'gold', (it) => it.diff.replace(/^@@ -(\d+),(\d+) \+(\d+),(\d+) @@/gm, '@@ -$1, $2 +$3, $4 @@')],
  [
    'hunk/reversed-order',
    'gold',
    plain((it) => joinSections(sections(it.diff).map((one) => ({ ...one, hunks: [...one.hunks].reverse() })))),
  ],
  ['hunk/duplicated', 'gold', plain((it) => mapHunks(it.diff, (hunk, place) => (place === 0 ? [hunk, hunk] : [hunk])))],
  ['hunk/context-1', 'either', plain((it) => mapHunks(it.diff, (hunk) => [trimContext(hunk, 1)]))],
  ['hunk/context-0', 'either', plain((it) => mapHunks(it.diff, (hunk) => [trimContext(hunk, 0)]))],
  [
    'hunk/no-leading-context',
    'either',
    plain((it) => mapHunks(it.diff, (hunk) => [{ ...hunk, body: hunk.body.slice(hunk.body.findIndex((line) => !line.startsWith(' '))) }])),
  ],
  [
    'hunk/no-trailing-context',
    'either',
    plain((it) =>
      mapHunks(it.diff, (hunk) => [{ ...hunk, body: hunk.body.slice(0, hunk.body.findLastIndex((line) => !line.startsWith(' ')) + 1) }]),
    ),
  ],
  ['hunk/files-reversed', 'gold', (it) => joinSections([...sections(it.diff)].reverse())],
  [
    'hunk/joined',
    'either',
    plain((it) => mapHunks(it.diff, (hunk, place, all) => (place === 0 ? [{ ...hunk, body: all.flatMap((one) => one.body) }] : []))),
  ],
  [
    'hunk/elided-between',
    'either',
    plain((it) =>
      mapHunks(it.diff, (hunk, place, all) =>
        place === 0 ? [{ ...hunk, body: all.flatMap((one, at) => (at === 0 ? one.body : [' ...', ...one.body])) }] : [],
      ),
    ),
  ],

  ['space/trailing-added', 'gold', plain((it) => inHunks(it.diff, (line) => (line.trim() === '' ? line : `${line}  `)))],
  [
    'space/trailing-stripped',
    'gold',
    plain((it) => (lines(it.diff).some((line) => /^[+-].*\s$/.test(line)) ? undefined : inHunks(it.diff, (line) => line.trimEnd()))),
  ],
  ['space/blank-context-empty', 'gold', plain((it) => inHunks(it.diff, (line) => (line === ' ' ? '' : line)))],
  ['space/context-unmarked', 'either', plain((it) => inHunks(it.diff, (line) => (line.startsWith(' ') ? line.slice(1) : line)))],
  [
    'space/some-context-unmarked',
    'either',
    plain((it) => inHunks(it.diff, (line) => (/^ \S/.test(line) && !/^ [-+@\\]/.test(line) ? line.slice(1) : line))),
  ],
  ['space/extra-after-mark', 'either', plain((it) => inHunks(it.diff, (line) => (line.length > 1 ? `${line[0]} ${line.slice(1)}` : line)))],
  ['space/indent-plus-2', 'either', plain((it) => inHunks(it.diff, (line) => (line.length > 1 ? `${line[0]}  ${line.slice(1)}` : line)))],
  ['space/context-only-plus-2', 'either', plain((it) => inHunks(it.diff, (line) => (/^ ./.test(line) ? `   ${line.slice(1)}` : line)))],
  [
    'space/context-only-trimmed',
    'either',
    plain((it) => inHunks(it.diff, (line) => (line.startsWith(' ') ? ` ${line.trimStart()}` : line))),
  ],
  ['space/all-trimmed', 'either', plain((it) => inHunks(it.diff, (line) => `${line[0] ?? ' '}${line.slice(1).trimStart()}`))],
  [
    'space/old-only-trimmed',
    'either',
    plain((it) => inHunks(it.diff, (line) => (line.startsWith('+') ? line : `${line[0] ?? ' '}${line.slice(1).trimStart()}`))),
  ],
  [
    'space/tabs-to-4',
    'either',
    plain((it) => inHunks(it.diff, (line) => (line[0] ?? '') + line.slice(1).replace(/^\t+/, (tabs) => '    '.repeat(tabs.length)))),
  ],
  [
    'space/tabs-to-8',
    'either',
    plain((it) => inHunks(it.diff, (line) => (line[0] ?? '') + line.slice(1).replace(/^\t+/, (tabs) => '        '.repeat(tabs.length)))),
  ],
  [
    'space/tabs-to-2-in-context',
    'either',
    plain((it) =>
      inHunks(it.diff, (line) => (line.startsWith(' ') ? ` ${line.slice(1).replace(/^\t+/, (tabs) => '  '.repeat(tabs.length))}` : line)),
    ),
  ],
  [
    'space/tabs-to-4-in-added',
    'either',
    plain((it) =>
      /^\+\t/m.test(it.diff)
        ? inHunks(it.diff, (line) =>
            line.startsWith('+') ? `+${line.slice(1).replace(/^\t+/, (tabs) => '    '.repeat(tabs.length))}` : line,
          )
        : undefined,
    ),
  ],
  [
    'space/4-to-tabs',
    'either',
    plain((it) =>
      inHunks(it.diff, (line) => (line[0] ?? '') + line.slice(1).replace(/^(?: {4})+/, (spaces) => '\t'.repeat(spaces.length / 4))),
    ),
  ],
  [
    'space/2-to-4',
    'either',
    plain((it) => inHunks(it.diff, (line) => (line[0] ?? '') + line.slice(1).replace(/^ +/, (spaces) => spaces + spaces))),
  ],
  [
    'space/nbsp',
    'either',
    plain((it) => inHunks(it.diff, (line) => (line[0] ?? '') + line.slice(1).replace(/^ +/, (spaces) => '\u00a0'.repeat(spaces.length)))),
  ],
  ['space/crlf-in-hunks', 'gold', (it) => inHunks(it.diff, (line) => `${line}\r`)],
  ['space/double-blank', 'either', plain((it) => inHunks(it.diff, (line) => (line === ' ' ? ' \n ' : line)))],

  ['content/context-typo', 'either', plain((it) => nth(it.diff, /^ .*\w{4}/, (line) => line.replace(/(\w{3})(\w)/, '$1x')))],
  ['content/context-replaced', 'either', plain((it) => nth(it.diff, /^ .*\w{4}/, () => ' something else entirely;'))],
  ['content/context-dropped', 'either', plain((it) => nth(it.diff, /^ .*\w{2}/, () => undefined, 1))],
  ['content/context-doubled', 'either', plain((it) => nth(it.diff, /^ .*\w{2}/, (line) => `${line}\n${line}`, 1))],
  ['content/context-invented', 'either', plain((it) => nth(it.diff, /^ .*\w{2}/, (line) => `${line}\n invented = true;`, 1))],
  ['content/removed-typo', 'either', plain((it) => nth(it.diff, /^-.*\w{4}/, (line) => line.replace(/(\w{3})(\w)/, '$1x')))],
  ['content/removed-invented', 'reject', plain((it) => nth(it.diff, /^-.*\w/, (line) => `${line}\n-not_in_the_file_at_all(1);`))],
  ['content/elided-context', 'either', plain((it) => mapHunks(it.diff, (hunk) => [{ ...hunk, body: [' ...', ...hunk.body.slice(2)] }]))],
  [
    'content/elided-added',
    'reject',
    plain((it) => nth(it.diff, /^\+[^+]/, (line) => `${line}\n+    // ... rest of the code unchanged ...`)),
  ],
  ['content/elided-hash', 'reject', plain((it) => nth(it.diff, /^\+[^+]/, (line) => `${line}\n+    # ... existing code ...`))],
  [
    'content/curly',
    'either',
    plain((it) => (/["']/.test(it.diff) && !/[\u2018-\u201d]/.test(it.diff) ? inHunks(it.diff, curly) : undefined)),
  ],
  ['content/curly-context', 'either', plain((it) => inHunks(it.diff, (line) => (line.startsWith(' ') ? curly(line) : line)))],
  [
    'content/dashes',
    'either',
    plain((it) => inHunks(it.diff, (line) => (line.startsWith('+') ? line : (line[0] ?? '') + line.slice(1).replaceAll('-', '\u2013')))),
  ],
  ['content/case', 'either', plain((it) => inHunks(it.diff, (line) => (line.startsWith(' ') ? line.toUpperCase() : line)))],
  [
    'content/conflict',
    'reject',
    plain((it) => {
      const other = nth(it.diff, /^\+[^+].*\w{3}/, (line) => line.replace(/\w{3}/, 'zzz'));
      return other && `${fenced(it.diff)}\nOr better:\n\n${fenced(other)}`;
    }),
  ],
  ['content/line-numbers', 'either', plain((it) => inHunks(it.diff, (line, at) => `${line[0] ?? ' '}${at}: ${line.slice(1)}`))],
  ...[0.35, 0.5, 0.65, 0.8, 0.9, 0.97].flatMap((part): Kind[] => [
    [`content/cut-${part}`, 'either', whole(cutAt(part, false))],
    [`content/cut-line-${part}`, 'either', whole(cutAt(part, true))],
    [`content/cut-fence-${part}`, 'either', whole((it) => `\`\`\`diff\n${cutAt(part, false)(it) ?? ''}`)],
  ]),

  ['file/mode', 'gold', plain((it) => it.diff.replace(/^index .*$/m, 'old mode 100644\nnew mode 100755'))],
  [
    'file/symlink',
    'reject',
    () =>
      'diff --git a/link b/link\nnew file mode 120000\n--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n',
  ],
  [
    'file/submodule',
    'reject',
    () =>
      `diff --git a/sub b/sub\nnew file mode 160000\nindex 0000000..1234567\n--- /dev/null\n+++ b/sub\n@@ -0,0 +1 @@\n+Subproject commit ${'1'.repeat(40)}\n`,
  ],
  ['file/binary', 'reject', () => 'diff --git a/x.png b/x.png\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKcmZQzfB*mh\n\n'],
  ['file/new-over-old', 'reject', plain((it) => `--- /dev/null\n+++ b/${Object.keys(it.before)[0]}\n@@ -0,0 +1,2 @@\n+something\n+else\n`)],
  ['file/delete-other', 'reject', plain((it) => `--- a/${Object.keys(it.before)[0]}\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-something\n-else\n`)],

  ['format/blocks', 'gold', (it) => blocks(it, block)],
  [
    'format/blocks-fenced',
    'gold',
    (it) =>
      blocks(it, (path, search, replace) => `${path}\n${fenced(`<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE`, 'ts')}`),
  ],
  ['format/blocks-path-inside', 'gold', (it) => blocks(it, (path, search, replace) => fenced(block(path, search, replace), 'ts'))],
  [
    'format/blocks-path-bold',
    'gold',
    (it) =>
      blocks(
        it,
        (path, search, replace) => `**${path}**\n\n${fenced(`<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE`, '')}`,
      ),
  ],
  ['format/blocks-path-heading', 'gold', (it) => blocks(it, (path, search, replace) => block(`### \`${path}\``, search, replace))],
  ['format/blocks-path-label', 'gold', (it) => blocks(it, (path, search, replace) => block(`File: ${path}`, search, replace))],
  [
    'format/blocks-path-on-mark',
    'gold',
    (it) => blocks(it, (path, search, replace) => `<<<<<<< SEARCH ${path}\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`),
  ],
  [
    'format/blocks-path-once',
    'gold',
    (it) => (sections(it.diff).length === 1 ? blocks(it, block)?.replace(/\n(?!<<<)\S+\n(?=<<<<<<< SEARCH)/g, '\n') : undefined),
  ],
  [
    'format/blocks-short-marks',
    'gold',
    (it) =>
      blocks(it, block)
        ?.replace(/^<{7}/gm, '<<<<<')
        .replace(/^={7}$/gm, '=====')
        .replace(/^>{7}/gm, '>>>>>'),
  ],
  ['format/blocks-crlf', 'gold', (it) => blocks(it, block)?.replaceAll('\n', '\r\n')],
  [
    'format/blocks-dedented',
    'either',
    (it) => blocks(it, (path, search, replace) => block(path, dedentBlock(search), dedentBlock(replace))),
  ],
  ['format/blocks-blank-edges', 'gold', (it) => blocks(it, (path, search, replace) => block(path, `\n${search}\n`, `\n${replace}\n`))],
  ['format/blocks-html', 'gold', (it) => html(blocks(it, block) ?? '') || undefined],
  [
    'format/blocks-no-path',
    'reject',
    (it) => blocks(it, (_path, search, replace) => `<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`),
  ],
  ['format/blocks-unclosed', 'reject', (it) => blocks(it, block)?.replace(/>>>>>>> REPLACE\n$/, '')],
  ['format/blocks-no-middle', 'reject', (it) => blocks(it, block)?.replace(/^=======\n/gm, '')],
  [
    'format/blocks-elided',
    'either',
    (it) => blocks(it, (path, search, replace) => block(path, search.replace(/\n.*\n/, '\n...\n'), replace)),
  ],
  [
    'format/blocks-replace-elided',
    'reject',
    (it) => blocks(it, (path, search, replace) => block(path, search, `${replace}\n// ... existing code ...`)),
  ],
  ['format/envelope', 'gold', (it) => (/rename from|\\ No newline/.test(it.diff) ? undefined : envelope(it))],
  ['format/envelope-fenced', 'gold', (it) => (/rename from|\\ No newline/.test(it.diff) ? undefined : fenced(envelope(it), ''))],
  ['format/envelope-no-end', 'reject', plain((it) => envelope(it).replace(/\*\*\* End Patch\n$/, ''))],
  ['format/envelope-no-begin', 'gold', plain((it) => envelope(it).replace(/^\*\*\* Begin Patch\n/, ''))],
  [
    'format/whole-file',
    'gold',
    plain((it) =>
      Object.keys(it.after)
        .map((path) => `${path}\n${fenced(it.after[path] ?? '', 'ts', '`````')}`)
        .join('\n'),
    ),
  ],
  [
    'format/whole-file-info',
    'gold',
    plain((it) =>
      Object.keys(it.after)
        .map((path) => fenced(it.after[path] ?? '', `ts ${path}`, '`````'))
        .join('\n'),
    ),
  ],
  [
    'format/whole-file-title',
    'gold',
    plain((it) =>
      Object.keys(it.after)
        .map((path) => fenced(it.after[path] ?? '', `ts title="${path}"`, '`````'))
        .join('\n'),
    ),
  ],
  [
    'format/whole-file-elided',
    'reject',
    plain((it) =>
      Object.keys(it.after)
        .map(
          (path) =>
            `${path}\n${fenced(
              `${lines(it.after[path] ?? '')
                .slice(0, 4)
                .join('\n')}\n// ... rest of the file unchanged ...\n`,
              'ts',
            )}`,
        )
        .join('\n'),
    ),
  ],
  [
    'format/whole-file-part',
    'reject',
    plain((it) =>
      Object.keys(it.after)
        .map((path) => `${path}\n${fenced(unlines(lines(it.after[path] ?? '').slice(4, 8)), 'ts')}`)
        .join('\n'),
    ),
  ],
  ['format/whole-file-unnamed', 'reject', plain((it) => fenced(Object.values(it.after)[0] ?? '', 'ts', '`````'))],
  [
    'format/whole-file-unclosed',
    'reject',
    plain((it) => `${Object.keys(it.after)[0]}\n\`\`\`\`\`ts\n${(Object.values(it.after)[0] ?? '').slice(0, 200)}`),
  ],
  [
    'format/json-edits',
    'gold',
    (it) => {
      const edits: { path: string; search: string; replace: string }[] = [];
      if (blocks(it, (path, search, replace) => String(edits.push({ path, search, replace }))) === undefined) return undefined;
      return fenced(JSON.stringify({ edits }, null, 1), 'json');
    },
  ],
  [
    'format/json-content',
    'gold',
    plain((it) => JSON.stringify(Object.keys(it.after).map((path) => ({ file: path, content: it.after[path] })))),
  ],
  ['format/prose-only', 'reject', () => 'The bound is wrong. Change `<=` to `<` in the loop and run the tests again.'],
  ['format/empty', 'reject', () => ''],
];

function trimContext(hunk: Hunk, keep: number): Hunk {
  const first = hunk.body.findIndex((line) => !line.startsWith(' '));
  const last = hunk.body.findLastIndex((line) => !line.startsWith(' '));
  return { ...hunk, body: hunk.body.slice(Math.max(0, first - keep), last + 1 + keep) };
}

/** Changes the first line of a hunk that fits the pattern, or the one after `skip` of them. */
function nth(diff: string, pattern: RegExp, change: (line: string) => string | undefined, skip = 0): string | undefined {
  let left = skip;
  let done = false;
  const text = inHunks(diff, (line) => {
    if (done || !pattern.test(line) || left-- > 0) return line;
    done = true;
    return change(line);
  });
  return done ? text : undefined;
}

/** Cutting between two files or hunks, or before the last marker, leaves a patch that is whole in itself: nobody can tell. */
function whole(make: Make): Make {
  return (it) => {
    const text = make(it);
    if (text === undefined || /\\ No newline/.test(it.diff) || sections(it.diff).length > 1 || (it.diff.match(/^@@/gm)?.length ?? 0) > 1)
      return undefined;
    return text;
  };
}

/** All mutations that make sense for a case. */
export function mutationsOf(it: Case): Mutation[] {
  return kinds.flatMap(([kind, expect, make]) => {
    const text = make(it);
    return text === undefined ? [] : [{ kind, expect, text }];
  });
}
