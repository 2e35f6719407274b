/** Small files of our own in which patches are hard to place: repeated code, line ends, indentation, markers as content. */
export type Pair = {
  readonly name: string;
  readonly before: Readonly<Record<string, string | null>>;
  readonly after: Readonly<Record<string, string | null>>;
};

const edit = (name: string, path: string, before: string, ...changes: readonly (readonly [string, string])[]): Pair => {
  const after = changes.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`${name}: ${JSON.stringify(from)} has to stand there once`);
    return text.replace(from, () => to);
  }, before);
  return { name, before: { [path]: before }, after: { [path]: after } };
};

const accounts = `import { read } from './store.ts';

export type Account = { id: string; cents: number; open: boolean };

/** Sum of all open accounts. */
export function total(accounts: Account[]): number {
  let sum = 0;
  for (let i = 0; i <= accounts.length; i++) {
    const account = accounts[i];
    if (account.open) sum += account.cents;
  }
  return sum;
}

export async function load(path: string): Promise<Account[]> {
  const text = await read(path);
  const rows = text.split("\\n");
  return rows.map((row) => {
    const [id, cents, open] = row.split(',');
    return { id, cents: Number(cents), open: open === 'yes' };
  });
}

export function find(accounts: Account[], id: string): Account | undefined {
  return accounts.find((account) => account.id == id);
}
`;

const repeated = `class Circle:
    def area(self):
        check(self)
        return self.scale * 3

    def name(self):
        return "circle"


class Square:
    def area(self):
        check(self)
        return self.scale * 2

    def name(self):
        return "square"


class Cube:
    def area(self):
        check(self)
        return self.scale * 2

    def name(self):
        return "cube"
`;

const goFile = `package queue

import "errors"

var ErrEmpty = errors.New("empty")

type Queue struct {
\titems []int
\thead  int
}

func (q *Queue) Push(v int) {
\tq.items = append(q.items, v)
}

func (q *Queue) Pop() (int, error) {
\tif q.head > len(q.items) {
\t\treturn 0, ErrEmpty
\t}
\tv := q.items[q.head]
\tq.head++
\treturn v, nil
}

func (q *Queue) Len() int {
\treturn len(q.items)
}
`;

const makefile = `CC = cc
FLAGS = -O1

all: app

app: main.o util.o
\t$(CC) $(FLAGS) -o app main.o

%.o: %.c
\t$(CC) $(FLAGS) -c $<

clean:
\trm -f app *.o
`;

const sql = `-- accounts
CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  -- in cents
  amount INTEGER
);
-- an index that is not used
CREATE INDEX by_amount ON account (amount);
++counter;
SELECT * FROM account;
`;

const readme = `Queue
=======

Install it:

\`\`\`sh
npm install queue
\`\`\`

Usage
-------

- push a value
- pop a value
+ both are fast

\`\`\`js
const q = new Queue();
\`\`\`

"Quotes", dashes -- and so on.
`;

const html = `<ul>
  <li class="a">One &amp; two</li>
  <li class="b">Three &lt; four</li>
</ul>
<p>Total: <b>3</b></p>
<footer>
  <a href="/?a=1&amp;b=2">more</a>
</footer>
`;

const german = `# Begrüßung
def greet(name):
    \u201cnot a string\u201d
    text = \u2018x\u2019
    return "Grüß Gott, " + nam


def leave(name):
    # – a dash
    return "Auf Wiedersehen…"
`.replace('    \u201cnot a string\u201d\n    text = \u2018x\u2019\n', '    # \u201chello\u201d in German\n');

const deep = `function outer() {
    function middle() {
        function inner(a, b) {
            if (a > b) {
                return a;
            }
            return a;
        }
        return inner;
    }
    return middle;
}
`;

const long = Array.from({ length: 60 }, (_, at) => `export const value${at} = ${at * at};`).join('\n');

export const pairs: readonly Pair[] = [
  edit('one line', 'src/accounts.ts', accounts, ['i <= accounts.length', 'i < accounts.length']),
  edit(
    'three hunks',
    'src/accounts.ts',
    accounts,
    ['i <= accounts.length', 'i < accounts.length'],
    [
      '  const rows = text.split("\\n");\n',
      '  const rows = text.split("\\n").filter((row) => row !== \'\');\n  if (rows.length === 0) return [];\n',
    ],
    ['account.id == id', 'account.id === id'],
  ),
  edit('insertion', 'src/accounts.ts', accounts, ['  let sum = 0;\n', '  if (accounts.length === 0) return 0;\n  let sum = 0;\n']),
  edit('removal', 'src/accounts.ts', accounts, ["import { read } from './store.ts';\n\n", '']),
  edit('repeated code', 'shapes.py', repeated, ['        return self.scale * 3\n', '        return self.scale * self.scale * 3\n']),
  {
    name: 'one of two equal places',
    before: { 'shapes.py': repeated },
    after: { 'shapes.py': repeated.replace(/(class Cube:[\s\S]*?)self\.scale \* 2/, '$1self.scale * self.scale * 6') },
  },
  edit(
    'tabs',
    'queue.go',
    goFile,
    ['\tif q.head > len(q.items) {\n', '\tif q.head >= len(q.items) {\n'],
    ['\treturn len(q.items)\n', '\tn := len(q.items)\n\treturn n - q.head\n'],
  ),
  edit('makefile', 'Makefile', makefile, ['-o app main.o\n', '-o app main.o util.o\n'], ['clean:\n', 'clean:\n\trm -f core\n']),
  edit(
    'crlf',
    'src/accounts.ts',
    accounts.replaceAll('\n', '\r\n'),
    ['i <= accounts.length', 'i < accounts.length'],
    ['  return sum;\r\n', '  check(sum);\r\n  return sum;\r\n'],
  ),
  edit('no newline at the end', 'src/accounts.ts', accounts.trimEnd(), ['account.id == id', 'account.id === id']),
  edit('append without newline', 'deep.js', deep.trimEnd(), ['    return middle;\n}', '    return middle;\n}\nouter();']),
  edit(
    'markers as content',
    'schema.sql',
    sql,
    ['-- an index that is not used\nCREATE INDEX by_amount ON account (amount);\n', '++counter;\n-- no index\n'],
    ['  amount INTEGER\n', '  amount INTEGER NOT NULL\n'],
  ),
  edit(
    'markdown',
    'README.md',
    readme,
    ['npm install queue\n', 'npm install --save queue\n'],
    ['+ both are fast\n', '+ both are fast\n- look at the length\n'],
  ),
  edit('entities', 'page.html', html, ['Three &lt; four', 'Three &gt; two'], ['<b>3</b>', '<b>&lt;3</b>']),
  edit('typographic', 'greet.py', german, ['+ nam\n', '+ name\n']),
  edit('nesting', 'deep.js', deep, [
    '            return a;\n        }\n        return inner',
    '            return b;\n        }\n        return inner',
  ]),
  edit('long', 'values.ts', `${long}\n`, ['value30 = 900', 'value30 = 901'], ['value50 = 2500', 'value50 = 2501']),
  {
    name: 'two files',
    before: { 'a/one.ts': accounts, 'b/two.py': repeated },
    after: { 'a/one.ts': accounts.replace('i <= ', 'i < '), 'b/two.py': repeated.replace('* 3', '* 4') },
  },
  {
    name: 'new file',
    before: { 'src/new.ts': null, 'src/accounts.ts': accounts },
    after: { 'src/new.ts': 'export const zero = 0;\n', 'src/accounts.ts': accounts.replace('let sum = 0', 'let sum = zero') },
  },
  { name: 'deleted file', before: { 'src/old.ts': 'export {};\nconst a = 1;\n' }, after: { 'src/old.ts': null } },
];
