/** What a file is to us. Only `source` can hold the fault; `aside` (docs, examples, benchmarks) can, but rarely does. */
export type Kind = 'source' | 'aside' | 'test' | 'config' | 'docs' | 'lock' | 'generated' | 'data' | 'binary';

const codeExtensions = new Set(
  (
    'js mjs cjs jsx ts mts cts tsx vue svelte astro py pyi pyx go rs java kt kts scala groovy rb rake php cs fs vb swift m mm c h cc cpp cxx hh hpp hxx ' +
    'lua pl pm ex exs erl hrl clj cljs cljc hs ml mli dart jl r nim zig sol sh bash zsh ps1 sql graphql proto css scss less html hbs ejs pug'
  ).split(' '),
);
const docExtensions = new Set('md mdx rst txt adoc tex'.split(' '));
const dataExtensions = new Set(
  'json json5 jsonl ndjson csv tsv xml svg yaml yml toml ini properties snap po pot ipynb map diff patch log'.split(' '),
);
const configNames =
  /^(?:[\w.-]*\.config\.\w+|\.[\w-]+rc(?:\.\w+)?|tsconfig[\w.-]*\.json|package\.json|pyproject\.toml|setup\.(?:py|cfg)|tox\.ini|go\.mod|cargo\.toml|gemfile|makefile|dockerfile|conftest\.py)$/i;
const lockNames =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|uv\.lock|pdm\.lock|pipfile\.lock|cargo\.lock|go\.sum|composer\.lock|gemfile\.lock|deno\.lock|flake\.lock|packages\.lock\.json)$/i;
const testName =
  /(?:[._-](?:test|tests|spec|specs|e2e|cy)\.[cm]?[jt]sx?$|\.(?:test|spec)-d\.ts$|^test_[^/]*\.py$|_tests?\.(?:py|go|rs|rb|dart|exs?|cc|cpp|c|php)$|_spec\.rb$|(?:Test|Tests|TestCase|Spec|IT)\.(?:java|kt|cs|scala|php|groovy|swift)$|^tests?\.[cm]?[jt]sx?$|^tests?\.(?:py|rs)$|^conftest\.py$)/;
const testFolders = new Set(
  'test tests _test _tests __tests__ __test__ spec specs __mocks__ __fixtures__ __snapshots__ fixtures testdata test-fixtures testutil testutils test-utils e2e cypress integration-tests unit-tests functional-tests test_data'.split(
    ' ',
  ),
);
const asideFolders = new Set(
  'docs doc documentation examples example samples sample demo demos benchmark benchmarks bench perf website www site playground playgrounds tutorial tutorials scripts tools .github .storybook storybook typings'.split(
    ' ',
  ),
);
const generatedFolders = new Set(
  'dist build out node_modules vendor third_party coverage .next .nuxt target __pycache__ __generated__ generated'.split(' '),
);
const generatedName =
  /(?:\.min\.(?:js|css)$|\.generated\.\w+$|\.g\.(?:dart|cs)$|_pb2(?:_grpc)?\.pyi?$|\.pb\.(?:go|cc|h)$|\.bundle\.js$|(?:^|[._-])generated[._-])/i;

/** The kind of a file (source, test, generated, lock …) by its repository-relative POSIX path alone. Called for every file of a repository: no pattern runs without need. */
export function kindOf(path: string): Kind {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
  const inFolder = slash < 0 ? undefined : folderKind(path.slice(0, slash));
  if (inFolder === 'generated') return 'generated';
  if (inFolder === 'test' && codeExtensions.has(extension)) return 'test';
  if (lockNames.test(name)) return 'lock';
  if (generatedName.test(name)) return 'generated';
  if (inFolder === 'test' || testName.test(name)) return 'test';
  if (configNames.test(name)) return 'config';
  if (docExtensions.has(extension)) return 'docs';
  if (dataExtensions.has(extension)) return 'data';
  if (!codeExtensions.has(extension)) return 'binary';
  return inFolder ?? 'source';
}

const folderKinds = new Map<string, Kind | undefined>();

/** The kind that a folder gives to what lies in it; the same few folders are asked for again and again. */
function folderKind(folder: string): Kind | undefined {
  const known = folderKinds.get(folder);
  if (known !== undefined || folderKinds.has(folder)) return known;
  const names = folder.toLowerCase().split('/');
  const is = (set: ReadonlySet<string>) => names.some((name) => set.has(name));
  const kind = is(generatedFolders) ? 'generated' : is(testFolders) ? 'test' : is(asideFolders) ? 'aside' : undefined;
  if (folderKinds.size > 50_000) folderKinds.clear();
  folderKinds.set(folder, kind);
  return kind;
}

const looksGenerated =
  /^.{0,400}?(?:@generated|code generated .{0,60}do not edit|auto-?generated (?:file|by)|this file (?:is|was) (?:auto(?:matically)?[ -])?generated)/is;

/** Kinds of text in which a paragraph or a record is one line. */
const longLines = /\.(?:mdx?|rst|txt|adoc|tex|x?html?|csv|tsv|log)$/i;

/** Why the content of a file should be named and not sent: generated or minified by the look of it. */
export function unfit(text: string, path = ''): string | undefined {
  if (looksGenerated.test(text.slice(0, 600))) return 'generated';
  if (longLines.test(path)) return undefined;
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && lines < 400; at = text.indexOf('\n', at + 1)) lines++;
  return text.length > 5_000 && lines < 400 && text.length / lines > 400 ? 'minified' : undefined;
}
