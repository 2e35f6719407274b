import { extname } from 'node:path/posix';

/** How one family of languages is scanned: patterns are tried on a single line, and the name is the first group that matched. */
export type Language = {
  readonly name: string;
  /** Definitions that hold others: classes, interfaces, modules. */
  readonly types: RegExp;
  readonly functions: RegExp;
  /** Constants and variables at the top level. */
  readonly values: RegExp | undefined;
  /** Specifiers of imports; global, over the whole text. */
  readonly imports: RegExp | undefined;
  /** Blocks end where the indentation does, without a closing bracket. */
  readonly indented: boolean;
};

const jsImports =
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*|\b(?:jest|vi)\.(?:mock|doMock|unmock|importActual|requireActual)\s*(?:<[^>\n]*>)?\(\s*)(['"`])([^'"`\n]+)\1/g;
const javascript: Language = {
  name: 'javascript',
  types:
    /^\s*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:class|interface|enum|namespace|module|const\s+enum)\s+([\w$.]+)|^(?:export\s+)?(?:const|let|var)\s+([\w$]+)(?:\s*:[^=]+)?\s*=\s*\{\s*$|^(?:module\.)?(exports)\s*=\s*\{\s*$|^(?:const|let|var)\s+([\w$]+)\s*=\s*module\.exports\s*=\s*\{\s*$/,
  functions:
    /^\s*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:async\s+)?function\s*\*?\s*([\w$]+)|^\s*(?:export\s+)?(?:const|let|var)\s+([\w$]+)(?:\s*:[^=]+)?\s*=\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*(?::[^=]+)?=>|\(\s*$|[\w$]+\s*=>|<)|^\s*((?:[\w$]+\.)+[\w$]+|\w+\[[^\]]+\])\s*=\s*(?:[\w$.]+\s*=\s*)*(?:async\s*)?(?:function\b|\([^)]*\)\s*=>|[\w$]+\s*=>)|^\s+(?:(?:public|private|protected|static|override|readonly|abstract|async|get|set|declare)\s+)*\*?\s*(#?[\w$]+|\[[\w.]+\])\s*(?:<[^>()]*>)?\((?:[^()]|\([^()]*\))*\)?\s*(?::\s*[^{};]+)?\s*(?:\{.*|,?)$|^\s+(?:(?:public|private|protected|static|override|readonly)\s+)*(#?[\w$]+)\s*(?::[^=]+)?[=:]\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*(?::[^=]+)?=>|[\w$]+\s*=>)/,
  values: /^(?:export\s+)?(?:declare\s+)?(?:const|let|var|type)\s+([\w$]+)/,
  imports: jsImports,
  indented: false,
};
const typescript: Language = { ...javascript, name: 'typescript' };
const tsx: Language = { ...javascript, name: 'tsx' };
const python: Language = {
  name: 'python',
  types: /^\s*class\s+(\w+)/,
  functions: /^\s*(?:async\s+)?def\s+(\w+)/,
  values: /^([A-Za-z_]\w*)\s*(?::[^=]+)?=[^=]/,
  imports: /^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([^\n#]+))/gm,
  indented: true,
};
const go: Language = {
  name: 'go',
  types: /^type\s+(\w+)\s/,
  functions: /^func\s+(?:\([^)]*\)\s*)?(\w+)/,
  values: /^(?:var|const)\s+(\w+)/,
  imports: /^\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"\n]+)"\s*$/gm,
  indented: false,
};
const rust: Language = {
  name: 'rust',
  types: /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:unsafe\s+)?(?:struct|enum|trait|union|mod|impl(?:<[^>]*>)?(?:\s+[\w:<>, ]+\s+for)?)\s+(\w+)/,
  functions:
    /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:default\s+)?(?:const\s+)?(?:async\s+)?(?:unsafe\s+)?(?:extern\s+"[^"]*"\s+)?fn\s+(\w+)|^\s*macro_rules!\s+(\w+)/,
  values: /^(?:pub(?:\([^)]*\))?\s+)?(?:const|static|type)\s+(\w+)/,
  imports: /^\s*(?:pub\s+)?(?:use\s+([\w:]+)|mod\s+(\w+)\s*;)/gm,
  indented: false,
};
const java: Language = {
  name: 'java',
  types:
    /^\s*(?:(?:public|private|protected|internal|static|final|abstract|sealed|partial|open|data|readonly|unsafe)\s+)*(?:class|interface|enum|record|struct|object|@interface|namespace|trait)\s+([\w.]+)/,
  functions:
    /^\s+(?:@\w+\s+)*(?:(?:public|private|protected|internal|static|final|abstract|override|virtual|async|synchronized|native|default|open|suspend|inline|sealed|extern|unsafe|new|partial)\s+)*(?:<[^>]+>\s+)?(?:fun\s+(?:[\w<>]+\.)?|[\w<>[\],.?]+\s+)(\w+)\s*(?:<[^>]*>)?\([^;]*$/,
  values: undefined,
  imports: /^\s*(?:import|using)\s+(?:static\s+)?([\w.]+)/gm,
  indented: false,
};
const csharp: Language = { ...java, name: 'c-sharp' };
const kotlin: Language = {
  ...java,
  name: 'kotlin',
  functions: /^\s*(?:[\w@]+\s+)*fun\s+(?:<[^>]+>\s*)?(?:[\w<>?]+\.)?(\w+)/,
};
const ruby: Language = {
  name: 'ruby',
  types: /^\s*(?:class|module)\s+([\w:]+)/,
  functions: /^\s*(?:(?:private|protected|public)\s+)?def\s+((?:self\.)?[\w?!=]+)/,
  values: /^\s*([A-Z][A-Z_\d]+)\s*=/,
  imports: /^\s*(?:require|require_relative|load|autoload)\b[^'"\n]*['"]([^'"\n]+)['"]/gm,
  indented: false,
};
const php: Language = {
  name: 'php',
  types: /^\s*(?:(?:abstract|final|readonly)\s+)*(?:class|interface|trait|enum)\s+(\w+)/,
  functions: /^\s*(?:(?:public|private|protected|static|abstract|final)\s+)*function\s+&?(\w+)/,
  values: /^\s*(?:const|define\(')\s*(\w+)/,
  imports: /^\s*use\s+([\w\\]+)|\b(?:require|include)(?:_once)?\b[^'"\n]*['"]([^'"\n]+)['"]/gm,
  indented: false,
};
const cpp: Language = {
  name: 'cpp',
  types: /^\s*(?:template\s*<[^>]*>\s*)?(?:typedef\s+)?(?:class|struct|union|enum(?:\s+class)?|namespace)\s+(\w+)[^;]*$/,
  functions:
    /^(?!\s*(?:return|else|if|for|while|switch|case|using|typedef)\b)\s{0,8}(?:[\w:<>*&,~\s]+?[\s*&])?((?:\w+::)*~?\w+|operator\S+)\s*\([^;]*$/,
  values: /^#define\s+(\w+)|^(?:static\s+)?(?:const|constexpr)\s+[\w:<>*&\s]+?(\w+)\s*(?:\[|=)/,
  imports: /^\s*#\s*include\s*["<]([^">\n]+)[">]/gm,
  indented: false,
};

const byExtension: ReadonlyMap<string, Language> = new Map([
  ...group('js mjs cjs jsx', javascript),
  ...group('ts mts cts', typescript),
  ...group('tsx vue svelte astro', tsx),
  ...group('py pyi pyx', python),
  ...group('go', go),
  ...group('rs', rust),
  ...group('java scala groovy dart', java),
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
