// Little repositories, whose tests take no time.
export const price = `export function total(items) {
  let sum = 0;
  for (const item of items) sum += item.price * item.count;
  return sum;
}

export function discount(sum, percent) {
  if (percent < 0) throw new RangeError('percent');
  return sum - (sum * percent) / 100;
}

export function rounds(count) {
  let round = 0;
  for (let left = count; left > 0; left--) round++;
  return round;
}
`;
export const totalTest = `import test from 'node:test';
import assert from 'node:assert';
import { total } from '../src/price.js';

test('total adds', () => assert.strictEqual(total([{ price: 2, count: 3 }]), 6));
`;
export const js = {
  'package.json': '{ "name": "shop", "type": "module", "scripts": { "test": "node --test test/" } }\n',
  'src/price.js': price,
  'src/cart.js': "import { total } from './price.js';\n\nexport const cart = (items) => ({ items, total: total(items) });\n",
  'test/price.test.js': totalTest,
  'docs/returns.md': '# Returns\n\nGoods may be returned within 30 days.\nThe customer pays for the way back.\n',
};
/** The same with a fault, hence red. */
export const red = { ...js, 'src/price.js': price.replace('item.price * item.count', 'item.price') };

const packageOf = (name, source, tests) => ({
  [`packages/${name}/package.json`]: `{ "name": "${name}", "type": "module", "scripts": { "test": "node --test test/" } }\n`,
  [`packages/${name}/src/${name}.js`]: source,
  [`packages/${name}/test/${name}.test.js`]: tests,
});
/** Two packages: the second uses the first by its path. */
export const two = {
  'package.json': '{ "name": "both", "private": true, "workspaces": ["packages/*"] }\n',
  ...packageOf(
    'base',
    'export const unit = 2;\n\nexport function twice(value) {\n  return value * unit;\n}\n',
    "import test from 'node:test';\nimport assert from 'node:assert';\nimport { twice } from '../src/base.js';\n\ntest('twice', () => assert.strictEqual(twice(1), 2));\n",
  ),
  ...packageOf(
    'user',
    "import { unit } from '../../base/src/base.js';\n\nexport const four = () => unit + 2;\n",
    "import test from 'node:test';\nimport assert from 'node:assert';\nimport { four } from '../src/user.js';\nimport { unit } from '../../base/src/base.js';\n\ntest('four', () => assert.strictEqual(four(), 4));\ntest('unit is a number', () => assert.strictEqual(typeof unit, 'number'));\n",
  ),
};

/** A PDF with one line of text for each page. */
export function pdf(pages) {
  const kids = pages.map((_, page) => `${4 + 2 * page} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pages.flatMap((text, page) => {
      const drawn = `BT /F1 12 Tf 72 720 Td (${text}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * page} 0 R >>`,
        `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`,
      ];
    }),
  ];
  let out = '%PDF-1.4\n';
  const starts = objects.map((object, index) => {
    const start = out.length;
    out += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(start).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  return `${out}xref\n0 ${size}\n0000000000 65535 f \n${starts.join('')}trailer << /Size ${size} /Root 1 0 R >>\nstartxref\n${out.length}\n%%EOF\n`;
}
