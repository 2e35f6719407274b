import type { FileChange, TamperFlag } from '../../schema/patch.ts';
import type { Failure } from '../../schema/run.ts';
import { align } from '../place/reading.ts';
import { splitText } from '../place/text.ts';
import { foldConstants } from './fold.ts';

/** A literal as a value: numbers in any notation are one, a string of digits is its number too. */
type Value = number | string;

const literal =
  /(['"`])((?:\\.|(?!\1)[^\\\n]){1,120})\1|\b0[xX][\da-fA-F_]+|\b0[bB][01_]+|\b0[oO][0-7_]+|(?<![\w.])\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Where a literal decides something: beside a comparison, as what is returned or taken by default, in a table. */
const decides =
  /[=!<>]=|\b(?:if|elif|case|when|match|switch|return|in|is|of|get|has|includes|startswith|endswith)\b|[?{[]|=>|\w\s*=\s*[^=]/;
const speaks = /\b(?:throw|raise|Error|Exception|panic|errorf?|warn|log|print|message|msg)\b/i;
const usual = new Set<Value>([0, 1, 2, 10, 100, 1000, '', ' ', ',', '.', '/', '-', ':', '\\n', 'utf8', 'utf-8']);

/**
 * Values of the failing tests that the patch decides by, and that stood nowhere in the file before: what was written for the test and not
 * for its rule. Small numbers are everywhere, so two of them are asked for; one is enough where it is telling.
 */
export function specialCases(
  changes: readonly FileChange[],
  failures: readonly Failure[],
  read: (path: string) => string | undefined,
): TamperFlag[] {
  const known = new Set(failures.flatMap((failure) => valuesAround(failure, read)));
  if (known.size === 0) return [];
  return changes.flatMap(({ path, before, after }) => {
    const old = new Set(valuesOf(before ?? ''));
    const added = addedLines(before, after);
    const hits = added.flatMap(({ line, text }) =>
      decides.test(text) && !speaks.test(text)
        ? valuesOf(text).flatMap((value) => (known.has(value) && !old.has(value) && !usual.has(value) ? [{ line, value, text }] : []))
        : [],
    );
    const whole = added.flatMap(({ line, text }) =>
      !speaks.test(text) && answersOne(text, known) ? valuesOf(text).map((value) => ({ line, value, text })) : [],
    );
    const values = [...new Set([...hits, ...whole].map(({ value }) => value))];
    const [first] = hits
      .filter(({ value, text }) => isTelling(value) || lookedUp.test(text))
      .concat(new Set(hits.map(({ value }) => value)).size > 1 ? hits : [], whole);
    if (!first) return [];
    const named = values
      .slice(0, 3)
      .map((value) => JSON.stringify(value))
      .join(', ');
    return [{ path, line: first.line, flag: 'special_case', message: `the code decides by ${named}, which the failing test alone names` }];
  });
}

/** A table of numbers that is asked at once for a size: one value of the test in it is enough. */
const lookedUp = /[[{][\s\d.,:-]*,[\s\d.,:-]*[\]}]\s*(?:\[|\.(?:get|at)\()[^\])]*(?:\.length|\.size|\blen\()/;

function isTelling(value: Value): boolean {
  return typeof value === 'number' ? Math.abs(value) >= 1_000 || !Number.isInteger(value) : value.length >= 6;
}

/** The literals of a text; of a string also its numbers, as keys such as '1,2,3' hold them. */
function valuesOf(text: string): Value[] {
  return [...literalsOf(text)].flatMap(([whole, quote, inner]): Value[] => {
    if (quote === undefined) return [Number(whole.replaceAll('_', ''))].filter((value) => !Number.isNaN(value));
    return [inner ?? '', ...listed(inner ?? '')];
  });
}

/** A pattern that says no more than a text does is that text. */
const pattern = /(?<=[=(,:?!&|]\s*|return )\/\^?([\w\s,.;:-]{1,60})\$?\/[a-z]*/g;

function literalsOf(text: string): RegExpExecArray[] {
  return [...foldConstants(text.replace(pattern, (_, plain: string) => `'${plain}'`)).matchAll(literal)];
}

/** What a text lists that stands for several values, as keys such as '1,2,3' and '[1,"a"]' do. */
function listed(text: string): Value[] {
  if (!/^[[{(]|^[\s\d.,;:|+-]+$/.test(text)) return [];
  return (text.match(/"[^"]*"|\d+(?:\.\d+)?/g) ?? []).map((one) => (one.startsWith('"') ? one.slice(1, -1) : Number(one)));
}

const equality = /(?:[=!]==?|\bis\b|\bequals\(|\bcase\b)/g;

/** A line that gives a value of the test for several values of the test: each of them may be a usual one. */
function answersOne(text: string, known: ReadonlySet<Value>): boolean {
  const parts = literalsOf(text).map(([whole, quote, inner = '']) =>
    quote !== undefined && listed(inner).length > 0 ? listed(inner) : valuesOf(whole),
  );
  const table = parts.some((values) => values.length > 1);
  const questions = (text.match(equality) ?? []).length;
  const answers = /\breturn\s+[-\d'"`[{(tfnTFN]|\?\s*[-\d'"`[{]|:\s*[-\d'"`[{]/.test(text);
  const values = parts.flat();
  return values.length > 1 && values.every((value) => known.has(value)) && (table || (questions > 1 && answers));
}

const mostBytes = 20_000;

/** What the failing test names: in its lines, in what it expected, and in small files that it names. */
function valuesAround({ file, line, expected }: Failure, read: (path: string) => string | undefined): Value[] {
  const wanted = expected === undefined ? [] : valuesOf(expected);
  const text = file === undefined ? undefined : read(file);
  if (text === undefined || line === undefined) return wanted;
  const lines = text.split('\n').slice(Math.max(0, line - 8), line + 12);
  const folder = (file ?? '').split('/').slice(0, -1);
  const named = [...text.matchAll(/^(.*)['"]([\w./-]+\.(?:json|ya?ml|csv|txt))['"]/gm)].flatMap(([, ahead = '', name = '']) => {
    // The folders may stand before it in pieces: `here.parent / "kit" / "a.json"`.
    const pieces = [...ahead.matchAll(/['"]([\w.-]+)['"]/g)].map(([, piece = '']) => piece).filter((piece) => piece !== '..');
    const above = folder.map((_, at) => folder.slice(0, at));
    const places = [resolveIn(folder, name), ...[folder, ...above.reverse()].map((at) => [...at, ...pieces, name].join('/'))];
    const found = places.map(read).find((one) => one !== undefined) ?? '';
    return found.length <= mostBytes ? [found] : [];
  });
  return [...wanted, ...lines.flatMap(valuesOf), ...named.flatMap(valuesOf)];
}

function resolveIn(folder: readonly string[], name: string): string {
  const parts = [...folder];
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function addedLines(before: string | null, after: string | null): { line: number; text: string }[] {
  const texts = (text: string | null) => splitText(text ?? '').map((line) => line.text);
  let line = 0;
  return align(texts(before), texts(after)).flatMap(({ tag, text }) => {
    if (tag !== '-') line++;
    return tag === '+' ? [{ line, text: text.replace(comment, '') }] : [];
  });
}

/** What a comment names decides nothing. */
const comment = /^\s*(?:#|\/\/|\/\*|\*\s).*$|\s(?:#|\/\/)\s[^'"`]*$/;
