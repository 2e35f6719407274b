import { swapping } from './mutator.ts';

const pairs = { '+': '-', '-': '+', '*': '/', '/': '*', '%': '*' };

export const arithmetic = swapping(/(?<=[\w)\]] )[+\-*/%](?= [\w(])/g, pairs);

export const assignment = swapping(/(?<=[\w)\]] )(?:\+=|-=|\*=|\/=)(?=\s)/g, { '+=': '-=', '-=': '+=', '*=': '/=', '/=': '*=' });

export const step = swapping(/\+\+|--/g, { '++': '--', '--': '++' });
