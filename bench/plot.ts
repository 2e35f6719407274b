import type { Figures } from './measure.ts';

const names = ['r@1', 'r@5', 'mrr', 'lines@8k', 'lines@32k'] as const;
const colours = ['#2f6f4f', '#9aa5b1', '#c3cad3', '#d9b36c', '#b9c7e0', '#e0b9b9', '#a9c9a4', '#cfcfcf'];
const width = 860;
const height = 300;

/** One bar chart of a few figures for several methods, as SVG; a method without a figure has no bar. */
export function plot(methods: ReadonlyMap<string, Figures>): string {
  const group = (width - 60) / names.length;
  const bar = (group - 24) / methods.size;
  const bars = names.flatMap((name, g) =>
    [...methods].flatMap(([method, figures], m) => {
      const value = figures[name];
      if (value === undefined) return [];
      const x = 40 + g * group + m * bar;
      const tall = value * height;
      return [
        `<rect x="${x.toFixed(1)}" y="${(20 + height - tall).toFixed(1)}" width="${(bar - 2).toFixed(1)}" height="${tall.toFixed(1)}" fill="${colours[m % colours.length]}"><title>${method}: ${value.toFixed(3)}</title></rect>`,
      ];
    }),
  );
  const labels = names.map((name, g) => `<text x="${40 + g * group}" y="${height + 38}">${name}</text>`);
  const lines = [0, 0.25, 0.5, 0.75, 1].map(
    (value) =>
      `<path d="M36 ${20 + height - value * height}H${width - 20}" stroke="#ddd"/><text x="4" y="${24 + height - value * height}">${value}</text>`,
  );
  const legend = [...methods.keys()].map(
    (method, m) =>
      `<rect x="${40 + (m % 3) * 270}" y="${height + 52 + Math.floor(m / 3) * 20}" width="12" height="12" fill="${colours[m % colours.length]}"/><text x="${58 + (m % 3) * 270}" y="${height + 63 + Math.floor(m / 3) * 20}">${method}</text>`,
  );
  const full = height + 70 + Math.ceil(methods.size / 3) * 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${full}" font-family="sans-serif" font-size="12"><rect width="${width}" height="${full}" fill="#fff"/>${[...lines, ...bars, ...labels, ...legend].join('')}</svg>\n`;
}
