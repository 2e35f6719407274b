/** One way to write a string. `escape`: what takes the closing sign its meaning. `lines`: it may go over several lines. */
export type Quote = {
  readonly open: string;
  readonly close: string;
  readonly escape: 'slash' | 'double' | 'none';
  readonly lines?: boolean;
};

/** How a kind of file writes values: its strings, what joins two of them to one value, and whether a value without quotes goes to the end of the line. */
export type Syntax = {
  readonly quotes: readonly Quote[];
  readonly joint: RegExp | undefined;
  readonly heredoc: RegExp | undefined;
  readonly wholeLines: boolean;
  /** An unquoted value is an expression there, not a value. */
  readonly code: boolean;
  readonly entities: boolean;
};

const slash = (sign: string, lines = false): Quote => ({ open: sign, close: sign, escape: 'slash', lines });
const plain = (sign: string, lines = false): Quote => ({ open: sign, close: sign, escape: 'none', lines });
const doubled = (sign: string): Quote => ({ open: sign, close: sign, escape: 'double', lines: true });
const triple = [slash('"""', true), slash("'''", true)];
const brackets = ['()', '{}', '[]', '<>', '||', '!!'];
const percent = brackets.flatMap((pair) =>
  ['q', 'Q', ''].map((mark): Quote => ({ open: `%${mark}${pair.charAt(0)}`, close: pair.charAt(1), escape: 'slash' })),
);
const added = /\s{0,80}\+\s{0,80}/y;
const beside = /(?:[ \t]{0,80}\\?(?:\r?\n[ \t]{0,80})?|\s{0,80}\+\s{0,80})/y;

const base: Syntax = {
  quotes: [...triple, slash('"'), slash("'"), slash('`')],
  joint: undefined,
  heredoc: undefined,
  wholeLines: false,
  code: false,
  entities: false,
};
const program: Syntax = { ...base, code: true, joint: added };
const data: Syntax = { ...base, wholeLines: true };
const shell: Syntax = { ...base, quotes: [plain("'", true), slash('"', true)], joint: /(?:\\')?(?=["'])/y };

const markup: Syntax = { ...base, quotes: [plain('"', true), plain("'", true)], entities: true };

const kinds: readonly (readonly [RegExp, Syntax])[] = [
  [/\.(?:[cm]?[jt]sx?|vue|svelte)$/, { ...program, quotes: [slash('"'), slash("'"), slash('`', true)] }],
  [/\.(?:py|pyi|pyw)$/, { ...program, quotes: [...triple, slash('"'), slash("'")], joint: beside }],
  [
    /\.(?:rb|rake|gemspec|ru)$|(?:^|\/)(?:gemfile|rakefile|fastfile)$/,
    { ...program, quotes: [slash('"'), slash("'"), ...percent], joint: beside, heredoc: /<<[-~]?(["']?)(\w{1,40})\1[^\n]{0,80}\n/y },
  ],
  [
    /\.(?:php|phtml|inc)$/,
    {
      ...program,
      quotes: [slash('"', true), slash("'", true)],
      joint: /\s{0,80}\.\s{0,80}/y,
      heredoc: /<<<[ \t]?(["']?)(\w{1,40})\1[ \t]{0,8}\r?\n/y,
    },
  ],
  [/\.go$/, { ...program, quotes: [slash('"'), plain('`', true)] }],
  [/\.(?:java|kts?|scala|groovy|gradle|swift|dart)$/, { ...program, quotes: [...triple, slash('"'), slash("'")] }],
  [
    /\.(?:cs|fs|vb)$/,
    { ...program, quotes: [slash('"""', true), { ...doubled('"'), open: '@"' }, { ...doubled('"'), open: '$@"' }, slash('"'), slash("'")] },
  ],
  [
    /\.rs$/,
    {
      ...program,
      quotes: [{ ...plain('"', true), open: 'r"' }, { open: 'r#"', close: '"#', escape: 'none', lines: true }, slash('"', true)],
    },
  ],
  [/\.(?:tf|hcl|tfvars|nomad)$/, { ...base, quotes: [slash('"')], heredoc: /<<-?()(\w{1,40})[ \t]{0,8}\r?\n/y }],
  [/\.jsonc?$|\.(?:json5|ipynb|webmanifest)$/, { ...base, code: true, quotes: [slash('"'), slash("'")] }],
  [/\.ya?ml(?:\.\w+)?$/, { ...data, quotes: [slash('"', true), doubled("'"), slash('`')] }],
  [/\.toml$|(?:^|\/)pipfile$/, { ...base, quotes: [...triple, slash('"'), plain("'")] }],
  [/\.(?:xml|config|plist|csproj|props|xaml|svg)$/, markup],
  [/\.html?$/, { ...markup, code: true }],
  [/\.(?:sql|psql|ddl)$/, { ...base, quotes: [doubled("'"), slash('"')], joint: /[ \t]{0,8}\|\|[ \t]{0,8}/y }],
  [/\.(?:sh|bash|zsh|ksh|fish|envrc|bats)$|(?:^|\/)(?:\.?(?:bash|zsh)rc|\.?profile|entrypoint)$/, shell],
  [/(?:^|\/|\.)(?:docker|container)file(?:\.\w+)?$/, shell],
  [
    /\.(?:env|ini|cfg|conf|cnf|properties)(?:\.\w+)?$|(?:^|\/)\.?env(?:\.\w+)*$|rc$/,
    { ...data, quotes: [slash('"'), plain("'"), slash('`')] },
  ],
  [/\.(?:css|scss|less|c|h|cc|cpp|hpp|m|mm|clj|exs?|erl|lua|pl|r|jl|zig|nim|sol|graphql|proto)$/, program],
];

/** The syntax of a file by its path; that of prose where nothing is known. */
export function syntaxOf(path: string): Syntax {
  const lower = path.toLowerCase();
  return kinds.find(([form]) => form.test(lower))?.[1] ?? base;
}
