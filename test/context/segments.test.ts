import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanDefinitions } from '../../src/context/scan.ts';
import { cutSegments } from '../../src/context/segments.ts';

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

for (const [path, { text, found }] of Object.entries(samples)) {
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
