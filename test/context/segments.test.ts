import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanDefinitions } from '../../src/context/scan/scan.ts';
import { cutSegments } from '../../src/context/scan/segments.ts';

const named = (path: string, text: string) =>
  scanDefinitions(path, text).map(({ name, startLine, endLine }) => `${name} ${startLine}-${endLine}`);

const samples: Record<string, { readonly text: string; readonly found: readonly string[] }> = {
  'a.ts': {
    text: `import x from 'y';

/** Adds. */
export async function add(
  a: number,
): Promise<number> {
  return a;
}

export class Box<T> extends Base {
  private size = 0;

  get width(): number {
    return this.size;
  }

  static make = (a: string) => {
    return new Box();
  };
}
res.send = function send(body) {
  return body;
};
`,
    found: ['add 3-8', 'Box 10-20', 'width 13-15', 'make 17-19', 'res.send 21-23'],
  },
  'a.py': {
    text: `import os

LIMIT = 3

class Shop(Base):
    @property
    def total(self):
        return 1

    def add(
        self, item
    ):
        self.items.append(item)

async def main():
    pass
`,
    found: ['LIMIT 3-3', 'Shop 5-13', 'total 6-8', 'add 10-13', 'main 15-16'],
  },
  'a.go': {
    text: `package a

// Value gives it.
func (s *Segment) Value(b []byte) []byte {
	return b
}

type Segment struct {
	Start int
}
`,
    found: ['Value 3-6', 'Segment 8-10'],
  },
  'a.rs': {
    text: 'pub struct A {\n    x: u8,\n}\n\nimpl A {\n    pub fn get(&self) -> u8 {\n        self.x\n    }\n}\n',
    found: ['A 1-3', 'A 5-9', 'get 6-8'],
  },
  'A.java': {
    text: 'public class A {\n    private int x;\n\n    public int get(int a) {\n        return x;\n    }\n}\n',
    found: ['A 1-7', 'get 4-6'],
  },
  'a.rb': { text: 'module M\n  class A\n    def get(a)\n      a\n    end\n  end\nend\n', found: ['M 1-7', 'A 2-6', 'get 3-5'] },
  'a.php': {
    text: '<?php\nclass A\n{\n    public function get(int $a): int\n    {\n        return $a;\n    }\n}\n',
    found: ['A 2-8', 'get 4-7'],
  },
  'A.cs': {
    text: 'namespace N\n{\n    public class A\n    {\n        public int Get(int a)\n        {\n            return a;\n        }\n    }\n}\n',
    found: ['N 1-10', 'A 3-9', 'Get 5-8'],
  },
  'a.c': { text: '#include <x.h>\n\nstatic int get(int a)\n{\n    return a;\n}\n', found: ['get 3-6'] },
};

/** What indentation and single lines mislead about: heads over several lines, code in strings, labels, attributes, branches. */
const hard: Record<string, { readonly text: string; readonly found: readonly string[] }> = {
  'head.ts': {
    text: `export class Client<
  A extends B = C,
> extends Base<A> {
  constructor(private readonly a: { b: string }) {
    super();
  }

  async run<T>(
    input: T,
  ): Promise<{ done: boolean }> {
    return { done: /[{(]/.test(\`\${input} }\`) };
  }
}
export const wrap = (a: string): string =>
  a.trim();
const other = 1;
`,
    found: ['Client 1-13', 'constructor 4-6', 'run 8-12', 'wrap 14-15', 'other 16-16'],
  },
  'source.py': {
    text: `TEMPLATE = """
def not_me():
    pass
class Nor:
x = 1
"""

@decorate(
    1,
)
def me(a="#(", b='"'):
    return f(
a)

y = 2
`,
    found: ['TEMPLATE 1-6', 'me 8-13', 'y 15-15'],
  },
  'label.go': {
    text: 'package a\n\nfunc Walk() {\nretry:\n\tx := `\nfunc No() {\n`\n\tgoto retry\n}\n\ntype (\n\tA struct {\n\t\tb int\n\t}\n)\n',
    found: ['Walk 3-9', 'A 12-14'],
  },
  'where.rs': {
    text: `impl<'a, F: Fn(u8) -> u8> Run for Job<'a, F>
where
    F: Send,
{
    fn text(&self) -> &'static str {
        r#"
fn no() {
"#
    }
}
`,
    found: ['Job 1-10', 'text 5-9'],
  },
  'Anonymous.java': {
    text: `class A {
    @Override
    public <T extends Map<String, T>> T make(
            String a) throws Exception {
        return new Maker<T>() {
            public T call() {
                return null;
            }
        }.call();
    }

    A() {
        make("{");
    }
}
`,
    found: ['A 1-15', 'make 2-10', 'call 6-8', 'A 12-14'],
  },
  'Body.cs': {
    text: `class A
{
    [Fact]
    public int Get(int a) =>
        a + 1;

    public A(int b) : base(b)
    {
        var path = @"c:\\";
    }
}
`,
    found: ['A 1-11', 'Get 3-5', 'A 7-10'],
  },
  'branch.cc': {
    text: `template <typename T>
int a::run(T t) const noexcept {
#ifdef X
  if (t) {
#else
  if (!t) {
#endif
  }
  call(t);
}

struct Point
{
  int x;
};
struct Point other;
`,
    found: ['a::run 1-10', 'Point 12-15'],
  },
  'here.rb': {
    text: `class A
  def text
    x = <<~EOS
def no
    EOS
    x =~ /[(]/
  rescue
    nil
  end

  def ==(other) = true
end
`,
    found: ['A 1-12', 'text 2-9', '== 11-11'],
  },
  'page.php': {
    text: `<p>Don't { </p>
<?php
class A
{
    #[Test]
    public function get(): string
    {
        return "
        }";
    }
}
`,
    found: ['A 3-11', 'get 5-10'],
  },
};

for (const [path, { text, found }] of Object.entries({ ...samples, ...hard })) {
  test(`definitions of ${path} with their lines`, () => {
    expect(named(path, text)).toEqual(found);
  });
}

test('segments cover every line once, whatever the text', () => {
  const line = fc.constantFrom(
    '',
    '}',
    '  }',
    '});',
    'function a() {',
    '  b() {',
    'class C {',
    'def f():',
    '    x = 1',
    'const y = {',
    '@@',
    '// doc',
    '\t\tz',
    'é',
  );
  fc.assert(
    fc.property(fc.constantFrom('a.ts', 'a.py', 'a.go', 'a.txt', 'a.c'), fc.array(line, { maxLength: 120 }), (path, lines) => {
      const text = lines.join('\n');
      const all = text.split('\n');
      const last = all.at(-1) === '' ? all.length - 1 : all.length;
      let next = 1;
      for (const segment of cutSegments(path, text)) {
        expect(segment.startLine).toBe(next);
        expect(segment.endLine).toBeGreaterThanOrEqual(segment.startLine);
        next = segment.endLine + 1;
      }
      expect(next).toBe(last + 1);
    }),
  );
});

test('a text without definitions is cut into windows', () => {
  const segments = cutSegments('a.unknown', 'line\n'.repeat(300));
  expect(segments.length).toBeGreaterThan(4);
  expect(segments.every(({ kind }) => kind === 'glue')).toBe(true);
});

test('overloads are one definition, and what is bare belongs to what stands before it', () => {
  const text = `export function load(a: string): string;
export function load(a: number): number;
export function load(a: string | number) {
  return a;
}

class Box {
  private readonly size = 1;
  private readonly label = 'box';
  private readonly other = 'box';
  private readonly more = 'box';

  first() {
    return this.size + 1;
  }

  second() {
    return this.size + 2;
  }
}
`;
  expect(cutSegments('a.ts', text).map(({ title, startLine, endLine }) => `${title} ${startLine}-${endLine}`)).toEqual([
    'load 1-6',
    'Box 7-12',
    'Box.first 13-16',
    'Box.second 17-20',
  ]);
});

test('a method of Go carries the name of its type', () => {
  const text = `package a

func (b *Box) Open(name string) error {
\treturn nil
}

func (Box) Close() {
\tprintln(1)
}
`;
  expect(cutSegments('a.go', text).map(({ title }) => title)).toEqual(['', 'Box.Open', 'Box.Close']);
});
