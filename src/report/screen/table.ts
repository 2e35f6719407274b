import Table from 'cli-table3';
import { wrap } from './wrap.ts';

/** Rows under a head, in columns of blanks: no lines that a screen reader would spell out. */
export function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const none = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'];
  const inner = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
  const chars = { ...Object.fromEntries([...none, ...inner].map((name) => [name, ''])), middle: '   ' };
  const table = new Table({ head: [...head], chars, style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 } });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(/[ \t]+$/gm, '');
}

/** The same where it is no wider than `room`; else each row as lines below its name, every cell with what its column is called. */
export function tableOrList(head: readonly string[], rows: readonly (readonly string[])[], room: number): string {
  const table = drawTable(head, rows);
  if (Math.max(...table.split('\n').map((line) => line.length)) <= room) return table;
  const lines = rows.flatMap(([name = '', ...cells]) => [name, ...cells.map((cell, at) => `  ${head[at + 1]}: ${cell}`)]);
  return lines.map((line) => wrap(line, room, '  ')).join('\n');
}
