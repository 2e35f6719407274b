import { swapping } from './mutator.ts';

export const logic = swapping(/(?<=\s)(?:&&|\|\||\?\?|and|or)(?=\s)/g, { '&&': '||', '||': '&&', '??': '&&', and: 'or', or: 'and' });
