import type { Segment } from '../scan/segments.ts';
import { chance as fitted } from './weights.ts';

/** What the ranking knows of one definition when it says how likely the fault lies in it. Places count from 0. */
export type Standing = {
  readonly place: number;
  readonly filePlace: number;
  readonly total: number;
  /** Its score as a share of the best one's. */
  readonly share: number;
  readonly segment: Pick<Segment, 'startLine' | 'endLine' | 'kind'>;
};

/** What `fitted` weighs, in its order. */
export function signsOf({ place, filePlace, total, share, segment }: Standing): number[] {
  const lines = segment.endLine - segment.startLine + 1;
  return [1, Math.log(place + 1), share, Math.log(filePlace + 1), Math.log(lines), segment.kind === 'glue' ? 1 : 0, total];
}

/** The chance, 0 to 1, that a definition in this place holds a line that a repair changes; fitted by `bench/calibrate.ts`. */
export function chanceOf(standing: Standing): number {
  const sum = signsOf(standing).reduce((all, sign, at) => all + sign * (fitted[at] ?? 0), 0);
  return 1 / (1 + Math.exp(-sum));
}
