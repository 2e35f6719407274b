import { extname } from 'node:path/posix';
import type { Syntax } from './mask.ts';

/** Where a definition ends: by indentation, at `end`, at the end of a statement without semicolons, or at a semicolon; a block ends it always. */
type Ending = 'indent' | 'end' | 'line' | 'semicolon';

/** How one family of languages is scanned: patterns are tried on a single masked line, and the name is the first group that matched. */
export type Language = {
  readonly name: string;
  /** Definitions that hold others: classes, interfaces, modules. */
  readonly types: RegExp;
  readonly functions: RegExp;
  /** The type of a method that stands outside of it. */
  readonly owner?: RegExp;
  /** What must follow the parameters of a function, where a call looks like one. */
  readonly body?: RegExp;
  /** Constants and variables at the top level. */
  readonly values: RegExp | undefined;
  /** Specifiers of imports; global, over the whole text. */
  readonly imports: RegExp | undefined;
  readonly ending: Ending;
  readonly syntax: Syntax;
};

const brackets = String.raw`[()[\]{}]`;
const comments = String.raw`\/\/[^\n]*|\/\*[^]*?(?:\*\/|$(?![^]))`;
const double = String.raw`"(?:[^"\\\n]|\\[^])*"?`;
const single = String.raw`'(?:[^'\\\n]|\\[^])*'?`;
const wideDouble = String.raw`"(?:[^"\\]|\\[^])*"?`;
const triple = String.raw`"""(?:[^\\]|\\[^])*?(?:"""|$(?![^]))`;
const character = String.raw`'(?:[^'\\\n]|\\[^\n]{1,10}?)'`;
const syntax = (...tokens: string[]): Syntax => ({ tokens: new RegExp([...tokens, brackets].join('|'), 'gm') });
const scriptPattern = String.raw`\/(?:[^/\\\n[]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*`;

const jsImports =
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*|\b(?:jest|vi)\.(?:mock|doMock|unmock|importActual|requireActual)\s*(?:<[^>\n]*>)?\(\s*)(['"`])([^'"`\n]+)\1/g;
const javascript: Language = {
  name: 'javascript',
  types:
    /^\s*(?:(?:export|default|declare|abstract|const)\s+)*(?:class|interface|enum|namespace|module)\s+([\w$.]+)|^\s*(?:export\s+)?(default)\s+\{\s*$|^(?:export\s+)?(?:const|let|var)\s+([\w$]+)(?:\s*:[^=]+)?\s*=\s*(?:module\.exports\s*=\s*)?\{\s*$|^(?:module\.)?(exports)\s*=\s*\{\s*$/,
  functions: /^\s*(?:(?:export|default|declare|async)\s+)*function\b\s*\*?\s*([\w$]+)/,
  values: /^(?:export\s+)?(?:declare\s+)?(?:const|let|var|type)\s+([\w$]+)/,
  imports: jsImports,
  ending: 'line',
  syntax: { ...syntax(comments, single, double, '`', scriptPattern), templates: true },
};
const typescript: Language = { ...javascript, name: 'typescript' };
const tsx: Language = { ...javascript, name: 'tsx' };
const python: Language = {
  name: 'python',
  types: /^\s*class\s+(\w+)/,
  functions: /^\s*(?:async\s+)?def\s+(\w+)/,
  values: /^([A-Za-z_]\w*)\s*(?::[^=]+)?=[^=]/,
  imports: /^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([^\n#]+))/gm,
  ending: 'indent',
  syntax: syntax(String.raw`#[^\n]*`, triple, triple.replaceAll('"', "'"), double, single),
};
const go: Language = {
  name: 'go',
  types: /^type\s+(\w+)|^\s+(\w+)(?:\[[^\]]*\])?\s+(?:struct|interface)\s*\{/,
  functions: /^func\s+(?:\([^)]*\)\s*)?(\w+)/,
  owner: /^func\s+\(\s*(?:\w+\s+)?\*?(\w+)/,
  values: /^(?:var|const)\s+(\w+)/,
  imports: /^[ \t]*(?:import\s+)?(?:[\w.]+\s+)?"([^"\n]+)"\s*$/gm,
  ending: 'line',
  syntax: syntax(comments, double, '`[^`]*`?', character),
};
const rust: Language = {
  name: 'rust',
  types:
    /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:unsafe\s+)?(?:struct|enum|trait|union|mod)\s+(\w+)|^\s*(?:unsafe\s+)?impl\b(?:<(?:[^<>]|<[^<>]*>|->)*>)?(?:\s+[^{]*?\s+for)?\s+[&*]?(?:'\w+\s+)?(?:(?:mut|dyn)\s+)?(?:\w+::)*(\w+)/,
  functions:
    /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:default\s+)?(?:const\s+)?(?:async\s+)?(?:unsafe\s+)?(?:extern\s+(?:"+\s+)?)?fn\s+(\w+)|^\s*macro_rules!\s+(\w+)/,
  values: /^(?:pub(?:\([^)]*\))?\s+)?(?:const|static|type)\s+(\w+)/,
  imports: /^[ \t]*(?:pub\s+)?(?:use\s+([\w:]+)|mod\s+(\w+)\s*;)/gm,
  ending: 'semicolon',
  syntax: {
    ...syntax(
      comments,
      String.raw`\b[bc]?r(?<hashes>#*)"[^]*?(?:"\k<hashes>|$(?![^]))`,
      wideDouble,
      String.raw`'(?:[^'\\\n]|\\[^\n]{1,10}?)'(?!\w)`,
    ),
    nested: true,
  },
};
const java: Language = {
  name: 'java',
  types:
    /^\s*(?:@\w+\s+)*(?:(?:public|private|protected|internal|static|final|abstract|sealed|non-sealed|partial|open|data|readonly|unsafe|ref|file|inner|case)\s+)*(?:class|interface|enum|record(?:\s+(?:class|struct))?|struct|object|@interface|namespace|trait|extension|protocol|actor|mixin)\s+([\w.]+)/,
  functions: /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:[\w.<>[\],?&]+\s+)*(\w+)\s*\(/,
  body: /\s*(?:throws\s[^{;]*)?(?:async\*?\s*)?(?:\{|=>)/y,
  values: undefined,
  imports: /^[ \t]*(?:import|using)\s+(?:static\s+)?([\w.]+)/gm,
  ending: 'semicolon',
  syntax: syntax(comments, triple, double, single),
};
const csharp: Language = {
  ...java,
  name: 'c-sharp',
  functions: /^\s*(?:\[[^\]]*\]\s*)*(?:(?:[\w.<>[\],?&*]+|\([^()]*\)\??)\s+)*(operator\s*[^\s\w(]+|~?[\w.]+)(?:<[^()]*>)?\s*\(/,
  body: /\s*(?::\s*(?:base|this)\s*\(|where\b|=>|\{)/y,
  syntax: {
    ...syntax(
      comments,
      '"""[^]*?(?:"""|$(?![^]))',
      String.raw`(?:\$@|@\$|@)"(?:[^"]|"")*"?`,
      double,
      character,
      String.raw`^[ \t]*#[^\n]*`,
    ),
    branches: true,
  },
};
const kotlin: Language = {
  ...java,
  name: 'kotlin',
  functions:
    /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:[\w]+\s+)*(?:(?:fun|func)\s+(?:<[^>]+>\s*)?(?:[\w<>?]+\.)*([\w`]+)|(init|deinit|subscript|constructor)\b[?!]?\s*[({])/,
  body: /(?:)/y,
  ending: 'line',
  syntax: { ...java.syntax, nested: true },
};
const scala: Language = { ...kotlin, name: 'scala', functions: /^\s*(?:(?:[\w]+|\w+\[\w+\])\s+)*def\s+([\w$]+|\W+?)(?=[\s([:=])/ };
const ruby: Language = {
  name: 'ruby',
  types: /^\s*(?:class|module)\s+([\w:]+)/,
  functions: /^\s*(?:(?:private|protected|public|private_class_method|module_function)\s+)?def\s+((?:self\.)?(?:[\w?!=]+|[^\s\w(;]+))/,
  values: /^\s*([A-Z][A-Z_\d]+)\s*=/,
  imports: /^[ \t]*(?:require|require_relative|load|autoload)\b[^'"\n]*['"]([^'"\n]+)['"]/gm,
  ending: 'end',
  syntax: syntax(
    '^=begin[^]*?^=end',
    String.raw`<<[~-]?(?<quote>['"]?)(?<word>[A-Z_]\w*)\k<quote>[^\n]*\n[^]*?\n[ \t]*\k<word>\b`,
    String.raw`#(?!\{)[^\n]*`,
    double,
    single,
  ),
};
const php: Language = {
  name: 'php',
  types: /^\s*(?:(?:abstract|final|readonly)\s+)*(?:class|interface|trait|enum)\s+(\w+)/,
  functions: /^\s*(?:(?:public|private|protected|static|abstract|final)\s+)*function\s+&?(\w+)/,
  values: /^\s*(?:const|define\("*)\s*(\w+)/,
  imports: /^[ \t]*use\s+([\w\\]+)|\b(?:require|include)(?:_once)?\b[^'"\n]*['"]([^'"\n]+)['"]/gm,
  ending: 'semicolon',
  syntax: syntax(
    String.raw`\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|#(?!\[)[^\n]*`,
    String.raw`<<<[ \t]*(?<quote>['"]?)(?<word>\w+)\k<quote>\n[^]*?\n[ \t]*\k<word>\b`,
    String.raw`(?<![^])(?!<\?)[^]*?<\?`,
    String.raw`\?>[^]*?(?:<\?|$(?![^]))`,
    wideDouble,
    wideDouble.replaceAll('"', "'"),
  ),
};
const cpp: Language = {
  name: 'cpp',
  types:
    /^\s*(?:template\s*<.*>\s*)?(?:(?:typedef|static|extern|export|inline)\s+)*(?:class|struct|union|enum(?:\s+(?:class|struct))?|namespace)\s+(?:[A-Z_]+(?:\([^)]*\))?\s+)*([\w:]+)(?=\s*(?:final\b|[:{]|$))/,
  functions:
    /^(?!\s*(?:return|else|if|for|while|switch|case|using|typedef|new|delete|throw|goto|namespace)\b)\s*(?:template\s*<[^()]*>\s*)?(?:[\w:<>*&,~\s[\]]+?[\s*&>])?((?:\w+(?:<[^<>()]*>)?::)*(?:operator\s*(?:\(\)|[^\s\w(]+|\w+[*&]*)|~?\w+))\s*\(/,
  body: /\s*(?:(?:const|noexcept|override|final|volatile|mutable|try|constexpr)\b\s*(?:\([^)]*\))?\s*|&&?\s*|->[^{;]*|throw\s*\([^)]*\)\s*|__attribute__\s*\(\(.*?\)\)\s*|requires\b[^{;]*|[A-Z_]{3,}\b(?:\([^)]*\))?\s*)*(?::(?!:)|\{)/y,
  values: /^#define\s+(\w+)|^(?:static\s+)?(?:const|constexpr)\s+[\w:<>*&\s]+?(\w+)\s*(?:\[|=)/,
  imports: /^[ \t]*#[ \t]*include\s*["<]([^">\n]+)[">]/gm,
  ending: 'semicolon',
  syntax: {
    tokens: new RegExp(
      [
        comments,
        String.raw`^[ \t]*#(?:[^\n\\]|\\[^])*`,
        String.raw`\b(?:u8|[uUL])?R"(?<mark>[^(\s]*)\([^]*?(?:\)\k<mark>"|$(?![^]))`,
        double,
        String.raw`(?<![\da-fA-F])${character}`,
        brackets,
      ].join('|'),
      'gm',
    ),
    branches: true,
  },
};

const byExtension: ReadonlyMap<string, Language> = new Map([
  ...group('js mjs cjs jsx', javascript),
  ...group('ts mts cts', typescript),
  ...group('tsx vue svelte astro', tsx),
  ...group('py pyi pyx', python),
  ...group('go', go),
  ...group('rs', rust),
  ...group('java groovy dart', java),
  ...group('scala', scala),
  ...group('kt kts swift', kotlin),
  ...group('cs', csharp),
  ...group('rb rake cr', ruby),
  ...group('php', php),
  ...group('c cc cpp cxx h hh hpp hxx m mm', cpp),
]);

function group(extensions: string, language: Language): [string, Language][] {
  return extensions.split(' ').map((extension) => [extension, language]);
}

/** The language of a path by its extension, or undefined: then files are cut by windows of lines. */
export function languageOf(path: string): Language | undefined {
  return byExtension.get(extname(path).slice(1).toLowerCase());
}
