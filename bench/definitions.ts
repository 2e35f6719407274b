import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { kindOf, unfit } from '../src/context/scan/kinds.ts';
import { scanDefinitions } from '../src/context/scan/scan.ts';
import { git } from './mine.ts';

/**
 * The definitions of the scanner against those of tree-sitter: node bench/run.mjs definitions --mirrors DIR --repos owner/name,… --grammars DIR,
 * where DIR/<owner>+<name>/repo is a clone and --grammars a folder with web-tree-sitter and @vscode/tree-sitter-wasm in its node_modules.
 */
export async function main(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      mirrors: { type: 'string', default: '' },
      repos: { type: 'string', default: '' },
      grammars: { type: 'string', default: '' },
      most: { type: 'string', default: '60' },
      show: { type: 'boolean', default: false },
    },
  });
  const parse = await openParser(resolve(values.grammars));
  const rows = new Map<string, Row>();
  for (const repo of values.repos.split(',')) {
    const folder = join(values.mirrors, repo.replace('/', '+'), 'repo');
    const bare = existsSync(join(folder, '.git')) ? join(folder, '.git') : folder;
    const listed = (await git(bare, ['ls-tree', '-r', '-z', '--name-only', 'HEAD'])).split('\0');
    const paths = listed.filter((path) => grammarOf.has(extname(path).slice(1)) && kindOf(path) === 'source');
    const step = Math.max(1, paths.length / Number(values.most));
    for (let at = 0; at < paths.length; at += step) {
      const path = paths[Math.floor(at)] ?? '';
      const text = await git(bare, ['show', `HEAD:${path}`]);
      if (unfit(text) || text.length > 300_000) continue;
      const grammar = grammarOf.get(extname(path).slice(1)) ?? '';
      const row = rows.get(grammar) ?? { files: 0, kB: 0, definitions: 0, missed: 0, 'wrong end': 0, scanMs: 0, parseMs: 0 };
      rows.set(grammar, row);
      const started = performance.now();
      const wanted = await parse(grammar, text);
      const parsed = performance.now();
      const found = scanDefinitions(path, text);
      row.scanMs += performance.now() - parsed;
      row.parseMs += parsed - started;
      row.files++;
      row.kB += text.length / 1_000;
      for (const { name, startLine, line, endLine } of wanted.filter((one) => one.endLine - one.line >= 2)) {
        row.definitions++;
        const own = found.find((one) => one.line >= startLine && one.line <= line + 1 && (one.line === line || name.endsWith(one.name)));
        if (!own) row.missed++;
        else if (own.endLine !== endLine) row['wrong end']++;
        if (values.show && own?.endLine !== endLine) console.log(`${repo} ${path}:${line} ${name} ends ${endLine}, found ${own?.endLine}`);
      }
    }
  }
  console.table(Object.fromEntries([...rows].map(([name, row]) => [name, round(row)])));
}

type Row = { files: number; kB: number; definitions: number; missed: number; 'wrong end': number; scanMs: number; parseMs: number };

const round = (row: Row) => ({
  ...Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Math.round(value)])),
  'wrong %': Number(((100 * (row.missed + row['wrong end'])) / Math.max(1, row.definitions)).toFixed(1)),
});

const grammarOf = new Map(
  'js:javascript mjs:javascript cjs:javascript ts:typescript tsx:tsx py:python go:go rs:rust java:java rb:ruby php:php cs:c-sharp c:cpp h:cpp cc:cpp cpp:cpp hpp:cpp'
    .split(' ')
    .map((pair) => pair.split(':'))
    .map(([extension = '', name = '']): [string, string] => [extension, name]),
);

/** What the two packages of the grammars give, as far as it is used. */
type Node = {
  readonly type: string;
  readonly text: string;
  readonly isNamed: boolean;
  readonly startPosition: { readonly row: number };
  readonly endPosition: { readonly row: number; readonly column: number };
  readonly parent: Node | null;
  readonly namedChildren: readonly (Node | null)[];
  readonly childForFieldName: (name: string) => Node | null;
};
type Found = { readonly name: string; readonly startLine: number; readonly line: number; readonly endLine: number };

const defining =
  /^(?:(?:abstract_)?class|class_definition|(?:class|interface|enum|record|struct|trait|function|generator_function|method|constructor)_declaration|abstract_class_declaration|type_spec|(?:struct|enum|trait|impl|mod|union|function)_item|macro_definition|module|namespace_definition|(?:class|struct|union|enum)_specifier|method_definition|function_definition|method|singleton_method|local_function_statement)$/;
const valued = /^(?:variable_declarator|public_field_definition|field_definition|pair|assignment_expression)$/;
const functionValue = /^(?:arrow_function|function_expression|function|generator_function)$/;

async function openParser(folder: string): Promise<(grammar: string, text: string) => Promise<Found[]>> {
  const load = createRequire(join(folder, 'package.json'));
  const { Parser, Language } = load(join(folder, 'node_modules/web-tree-sitter/web-tree-sitter.cjs'));
  await Parser.init();
  const languages = new Map<string, unknown>();
  return async (grammar, text) => {
    const path = join(folder, 'node_modules/@vscode/tree-sitter-wasm/wasm', `tree-sitter-${grammar}.wasm`);
    if (!languages.has(grammar)) languages.set(grammar, await Language.load(path));
    const parser = new Parser();
    parser.setLanguage(languages.get(grammar));
    const tree = parser.parse(text);
    const found: Found[] = [];
    const visit = (node: Node) => {
      const own = nameOf(node);
      if (own) found.push(own);
      for (const child of node.namedChildren) if (child) visit(child);
    };
    visit(tree.rootNode);
    tree.delete();
    parser.delete();
    return found;
  };
}

function nameOf(node: Node): Found | undefined {
  const value = valued.test(node.type) ? (node.childForFieldName('value') ?? node.childForFieldName('right')) : undefined;
  if (!(node.isNamed && defining.test(node.type)) && !(value && functionValue.test(value.type))) return undefined;
  if (node.type.endsWith('_specifier') && !node.childForFieldName('body')) return undefined;
  let name = ['name', 'key', 'left', 'property', 'declarator'].map((field) => node.childForFieldName(field)).find(Boolean);
  if (node.type === 'impl_item') name = node.childForFieldName('type');
  for (let inner = name?.childForFieldName('declarator'); inner; inner = inner.childForFieldName('declarator')) name = inner;
  if (!name) return undefined;
  const outer = node.parent && /^(?:decorated_definition|export_statement)$/.test(node.parent.type) ? node.parent : node;
  const { row, column } = node.endPosition;
  return {
    name: name.text.replace(/<.*$/s, ''),
    startLine: outer.startPosition.row + 1,
    line: name.startPosition.row + 1,
    endLine: row + (column === 0 ? 0 : 1),
  };
}
