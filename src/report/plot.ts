import type { Evaluation } from '../schema/evaluation.ts';

const width = 720;
const left = 150;
const right = 60;
const row = 34;

/** Solved bugs per variant as SVG: a point, the interval around it, and the bar as a line. No script, no request. */
export function plotSvg({ variants, bar, bugs }: Evaluation): string {
  const shown = variants.filter(({ tried }) => tried > 0);
  const height = 70 + shown.length * row;
  const x = (share: number) => (left + share * (width - left - right)).toFixed(1);
  const rows = shown.flatMap(({ variant, low, high, solved, tried, standing }, at) => {
    const y = 46 + at * row;
    const colour = standing === 'meets' ? '#2f6f4f' : standing === 'cannot' ? '#a33c3c' : '#6b7480';
    return [
      `<text x="${left - 12}" y="${y + 4}" text-anchor="end">${markup(variant)}</text>`,
      `<path d="M${x(low)} ${y}H${x(high)}" stroke="${colour}" stroke-width="3" stroke-linecap="round"/>`,
      `<circle cx="${x(solved / tried)}" cy="${y}" r="6" fill="${colour}"><title>${markup(variant)}: ${solved} of ${tried} solved</title></circle>`,
      `<text x="${width - right + 10}" y="${y + 4}">${solved}/${tried}</text>`,
    ];
  });
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<path d="M${x(share)} 26V${height - 34}" stroke="#ddd"/><text x="${x(share)}" y="${height - 16}" text-anchor="middle">${share * 100} %</text>`,
  );
  const mark = `<path d="M${x(bar)} 26V${height - 34}" stroke="#222" stroke-dasharray="4 3"/><text x="${x(bar)}" y="18" text-anchor="middle">bar ${Math.round(bar * 100)} %</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="Share of ${bugs.length} past bugs that each variant solves"><rect width="${width}" height="${height}" fill="#fff"/>${[...grid, mark, ...rows].join('')}</svg>\n`;
}

function markup(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
