/** How usual a letter is after another in the words of code and prose, 0 (never) to 9, one row of 26 per first letter. Counted over identifiers and docs. */
const pairs =
  '1676025050386706087944214084548300741932730773700051805281076066209106486000407335933190052372056362103062784540200658253986142620' +
  '7244870090062282075560005061329257800647640764611011901290008024528106475000305465655000166974057705020470528203404313840292837010' +
  '6345944180062553238532503082359210901812830155520070951390008025527801525000107177749160432463018844002034662440304679560866656200' +
  '8122831460172186085750103002330220300510226460910000825593408043547305764310505063931680343266127970214070429217900431630775501050' +
  '6664645060176836087800000082209120900122610121201000932481278024078007741032007474842470035149014922044165527530700677690487344033' +
  '80319202802441710230400135';

const neutral = 5.5;
const scores = Float64Array.from(pairs, (usual) => Number(usual) - neutral);
const digitBesideLetter = -4;
const humpInWord = -1.5;

/** Mean surprise per neighbouring pair of characters: below 0 reads like words, above 0 like chance. Only the first 200 characters count. */
export function noise(text: string): number {
  let score = 0;
  let steps = 0;
  let before = 0;
  for (let at = 0; at < text.length && at < 200; at++) {
    const code = text.charCodeAt(at);
    const is = kindOf(code);
    const was = kindOf(before);
    if (is && was) {
      steps++;
      if (is === digit || was === digit) score += is === was ? -1 : digitBesideLetter;
      else if (was === lower && is === upper) score += humpInWord;
      else score += scores[((before | 32) - 97) * 26 + (code | 32) - 97] ?? 0;
    }
    before = code;
  }
  return steps === 0 ? 0 : -score / steps;
}

const digit = 1;
const lower = 2;
const upper = 3;

function kindOf(code: number): number {
  if (code >= 97 && code <= 122) return lower;
  if (code >= 65 && code <= 90) return upper;
  return code >= 48 && code <= 57 ? digit : 0;
}
