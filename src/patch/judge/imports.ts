/** What a file of JavaScript or Python takes in: from which module, where a text says that, and the names that stand for it or for what it offers. */
export type Import = { readonly module: string; readonly names: readonly string[] };

const required = /\b(?:const|let|var)\s+([\w$]+|\{[^}=]*\})\s*=\s*(?:await\s+)?(?:require|import)\(\s*(?:['"]([^'"]*)['"])?/g;
const imported = /\bimport\s+(?:type\s+)?([^'"]*?)\s+from\s*['"]([^'"]*)/g;
/** Between brackets the list goes over several lines, else it ends with its own. */
const taken = /^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(?:\(([^()]*)\)|([^\n#(]+))/gm;
const plain = /^\s*import\s+([\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*)\s*$/gm;

export function importsIn(text: string): Import[] {
  return [
    ...[...text.matchAll(required), ...text.matchAll(imported)].map(([, list = '', module = '']) => ({ module, names: namesOf(list) })),
    ...[...text.matchAll(taken)].map(([, module = '', list = '', line = '']) => ({ module, names: namesOf(list + line) })),
    ...[...text.matchAll(plain)].flatMap(([, list = '']) =>
      list.split(',').map((one) => ({ module: one.trim().split(/\s+/)[0] ?? '', names: namesOf(one) })),
    ),
  ];
}

/** `{ a: b, c as d }, e.f`: b, d and e. */
function namesOf(list: string): string[] {
  return list.split(/[,{}]/).flatMap((one) => {
    const last =
      one
        .trim()
        .split(/\s+as\s+|\s*:\s*/)
        .at(-1) ?? '';
    return /^[A-Za-z_$][\w$.*]*$/.test(last) ? [last.split('.')[0] ?? ''] : [];
  });
}
