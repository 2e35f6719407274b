import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { ask } from '../../src/uses/ask.ts';
import { ground } from './ground.ts';

const at = ground();

/** A PDF with one line of text per page; an empty one is a page without a text layer. */
function pdf(pages: readonly string[]): Buffer {
  const kids = pages.map((_, page) => `${4 + 2 * page} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pages.flatMap((text, page) => {
      const drawn = text === '' ? '' : `BT /F1 12 Tf 72 720 Td (${text}) Tj ET`;
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
  return Buffer.from(
    `${out}xref\n0 ${size}\n0000000000 65535 f \n${starts.join('')}trailer << /Size ${size} /Root 1 0 R >>\nstartxref\n${out.length}\n%%EOF\n`,
  );
}

const paragraph = (inner: string) => `<w:p>${inner}</w:p>`;
const run = (text: string) => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
const docx = zipSync({
  'word/document.xml': strToU8(
    `<?xml version="1.0"?><w:document xmlns:w="w"><w:body>${paragraph(`<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>${run('Terms &amp; more')}`)}${paragraph(run('Goods may be returned ') + run('within nine days.'))}<w:tbl><w:tr><w:tc>${paragraph(run('price'))}</w:tc><w:tc>${paragraph(run('7'))}</w:tc></w:tr></w:tbl>${paragraph(`<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:br w:type="page"/></w:r>${run('Signed.')}`)}</w:body></w:document>`,
  ),
});

test('PDF and Word files are read as text, their pages are places, and what is none is named', async () => {
  const root = at.folder('contracts', { 'note.md': 'nothing here\n' });
  mkdirSync(join(root, 'in'));
  writeFileSync(join(root, 'in/rent.pdf'), pdf(['The rent is 900 euros.', 'It is due on the third.']));
  writeFileSync(join(root, 'in/sale.docx'), docx);
  writeFileSync(join(root, 'in/scan.pdf'), pdf(['']));
  writeFileSync(join(root, 'in/broken.docx'), 'PK');
  const reply =
    'Due in in/rent.pdf:4, signed in in/sale.docx:6.\n\n## Sources\nin/rent.pdf:4 | It is due on the third.\nin/sale.docx:6 | Signed.';
  const { deps, asked } = at.world([reply]);
  const report = await ask({ root, question: 'When is the rent due?' }, deps);
  const content = asked[0]?.messages.map((one) => one.content).join('\n') ?? '';
  expect(content).toContain('1| [page 1]\n2| The rent is 900 euros.\n3| [page 2]\n4| It is due on the third.');
  expect(content).toContain('2| # Terms & more\n3| Goods may be returned within nine days.\n4| price | 7');
  expect(content).not.toContain('gone');
  expect(report.citations).toMatchObject([
    { path: 'in/rent.pdf', page: 2, holds: true },
    { path: 'in/sale.docx', page: 2, holds: true },
  ]);
  expect(report.answer).toContain('in/rent.pdf:4 (page 2)');
  expect(report.warnings.join('\n')).toMatch(/in\/broken\.docx was not read: .+\n.*in\/scan\.pdf was not read: it has no text layer/s);
  await expect(ask({ root, question: 'What?', files: ['in/scan.pdf'] }, deps)).rejects.toThrow('no text layer');
});
