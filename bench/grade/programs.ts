/** A small program as people write them. `inputs` makes arguments that a test could use, from a source of random numbers. */
export type Program = {
  readonly name: string;
  readonly source: string;
  readonly inputs: (random: Random) => readonly unknown[];
  /** What a careful test would try: edges of the program. */
  readonly edges: readonly (readonly unknown[])[];
};

export type Random = { readonly int: (from: number, to: number) => number; readonly pick: <T>(all: readonly T[]) => T };

const list = ({ int }: Random, most = 6, top = 20) => Array.from({ length: int(0, most) }, () => int(-3, top));
const word = ({ int, pick }: Random, letters: string, most = 10) => Array.from({ length: int(0, most) }, () => pick([...letters])).join('');
const upTo = (top: number) => (random: Random) => [random.int(-2, top)];

const of = (name: string, body: string, inputs: Program['inputs'], edges: Program['edges']): Program => ({
  name,
  source: `${body.trim()}\n`,
  inputs,
  edges,
});

export const programs: readonly Program[] = [
  of(
    'clamp',
    `
function clamp(value, low, high) {
  if (low > high) throw new RangeError('low is above high');
  if (value < low) return low;
  if (value > high) return high;
  return value;
}`,
    ({ int }) => [int(-9, 9), int(-5, 2), int(0, 6)],
    [
      [1, 2, 4],
      [5, 2, 4],
      [3, 2, 4],
      [3, 4, 2],
    ],
  ),
  of(
    'gcd',
    `
function gcd(a, b) {
  let x = Math.abs(a);
  let y = Math.abs(b);
  while (y > 0) {
    const rest = x % y;
    x = y;
    y = rest;
  }
  return x;
}`,
    ({ int }) => [int(-40, 40), int(-40, 40)],
    [
      [12, 18],
      [0, 5],
      [7, 0],
      [-4, 6],
    ],
  ),
  of(
    'search',
    `
function search(sorted, wanted) {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    if (sorted[middle] === wanted) return middle;
    if (sorted[middle] < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}`,
    (random) => [[...new Set(list(random, 8))].sort((a, b) => a - b), random.int(-3, 20)],
    [
      [[], 1],
      [[1], 1],
      [[1, 3, 5], 5],
      [[1, 3, 5], 1],
      [[1, 3, 5], 4],
    ],
  ),
  of(
    'roman',
    `
function roman(number) {
  if (!Number.isInteger(number) || number < 1 || number > 3999) throw new RangeError('out of range');
  const signs = [[1000, 'M'], [900, 'CM'], [500, 'D'], [400, 'CD'], [100, 'C'], [90, 'XC'], [50, 'L'], [40, 'XL'], [10, 'X'], [9, 'IX'], [5, 'V'], [4, 'IV'], [1, 'I']];
  let rest = number;
  let text = '';
  for (const [value, sign] of signs) {
    while (rest >= value) {
      text += sign;
      rest -= value;
    }
  }
  return text;
}`,
    ({ int }) => [int(-1, 2100)],
    [[1], [4], [9], [40], [1994], [0], [3999], [4000]],
  ),
  of(
    'luhn',
    `
function luhn(digits) {
  const text = digits.replace(/\\s/g, '');
  if (!/^\\d{2,}$/.test(text)) return false;
  let sum = 0;
  for (let at = 0; at < text.length; at++) {
    let digit = Number(text[text.length - 1 - at]);
    if (at % 2 === 1) digit *= 2;
    if (digit > 9) digit -= 9;
    sum += digit;
  }
  return sum % 10 === 0;
}`,
    (random) => [word(random, '0123456789 ', 9)],
    [['059'], ['59'], ['055 444 285'], ['1'], ['a18'], ['4539 3195 0343 6467']],
  ),
  of(
    'compareVersions',
    `
function compareVersions(a, b) {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  const length = Math.max(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const x = left[at] || 0;
    const y = right[at] || 0;
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}`,
    ({ int }) => {
      const version = () => Array.from({ length: int(1, 3) }, () => int(0, 3)).join('.');
      return [version(), version()];
    },
    [
      ['1.2.0', '1.2'],
      ['1.10', '1.9'],
      ['1.0.1', '1.0.2'],
      ['2', '1.9.9'],
    ],
  ),
  of(
    'slug',
    `
function slug(title) {
  const plain = title.trim().toLowerCase();
  const joined = plain.replace(/[^a-z0-9]+/g, '-');
  const short = joined.slice(0, 12);
  return short.replace(/^-+|-+$/g, '');
}`,
    (random) => [word(random, 'abC D-_!9', 16)],
    [['Hello World'], ['--a--'], [''], ['A very long title of a page'], ['x  y']],
  ),
  of(
    'mergeRanges',
    `
function mergeRanges(ranges) {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const merged = [];
  for (const [from, to] of sorted) {
    const last = merged[merged.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}`,
    ({ int }) => [
      Array.from({ length: int(0, 4) }, () => {
        const from = int(0, 12);
        return [from, from + int(0, 5)];
      }),
    ],
    [
      [
        [
          [1, 3],
          [2, 6],
        ],
      ],
      [
        [
          [1, 2],
          [2, 3],
        ],
      ],
      [
        [
          [5, 6],
          [1, 9],
        ],
      ],
      [[]],
      [
        [
          [1, 2],
          [4, 5],
        ],
      ],
    ],
  ),
  of(
    'wrap',
    `
function wrap(text, width) {
  if (width < 1) throw new RangeError('no width');
  const lines = [];
  let line = '';
  for (const word of text.split(' ').filter(Boolean)) {
    if (line === '') line = word;
    else if (line.length + 1 + word.length <= width) line += ' ' + word;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}`,
    (random) => [word(random, 'ab c ', 18), random.int(0, 8)],
    [
      ['a bb ccc', 4],
      ['a bb', 4],
      ['', 3],
      ['long word', 2],
      ['a', 0],
    ],
  ),
  of(
    'leap',
    `
function daysIn(month, year) {
  if (month < 1 || month > 12) throw new RangeError('no such month');
  if (month === 2) {
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    return leap ? 29 : 28;
  }
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}`,
    ({ int, pick }) => [int(0, 13), pick([1900, 2000, 2001, 2004, 2023, 2024, 2100])],
    [
      [2, 1900],
      [2, 2000],
      [2, 2024],
      [2, 2023],
      [4, 2023],
      [12, 2023],
      [13, 2023],
      [0, 2023],
    ],
  ),
  of(
    'parseQuery',
    `
function parseQuery(text) {
  const query = text.startsWith('?') ? text.slice(1) : text;
  const result = {};
  for (const part of query.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const key = at < 0 ? part : part.slice(0, at);
    const value = at < 0 ? '' : part.slice(at + 1);
    if (key in result) result[key] = [].concat(result[key], value);
    else result[key] = value;
  }
  return result;
}`,
    (random) => [word(random, '?ab=&1', 9)],
    [['?a=1&b=2'], ['a=1&a=2'], ['a'], ['a=b=c'], [''], ['&a=1&']],
  ),
  of(
    'editDistance',
    `
function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + cost);
    }
    row = next;
  }
  return row[b.length];
}`,
    (random) => [word(random, 'abc', 5), word(random, 'abc', 5)],
    [
      ['kitten', 'sitting'],
      ['', 'ab'],
      ['ab', ''],
      ['abc', 'abc'],
      ['abc', 'acb'],
    ],
  ),
  of(
    'duration',
    `
function duration(seconds) {
  if (seconds < 0) return '-' + duration(-seconds);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  const two = (value) => String(value).padStart(2, '0');
  if (hours > 0) return hours + ':' + two(minutes) + ':' + two(rest);
  return minutes + ':' + two(rest);
}`,
    ({ int, pick }) => [pick([int(-100, 100), int(0, 9000), int(3500, 3700)])],
    [[59], [60], [3600], [3661], [-75], [0], [7325]],
  ),
  of(
    'runLength',
    `
function runLength(text) {
  let result = '';
  let at = 0;
  while (at < text.length) {
    let end = at + 1;
    while (end < text.length && text[end] === text[at]) end++;
    const count = end - at;
    result += (count > 1 ? count : '') + text[at];
    at = end;
  }
  return result;
}`,
    (random) => [word(random, 'aab', 8)],
    [['aaabcc'], ['abc'], [''], ['aa'], ['a']],
  ),
  of(
    'balanced',
    `
function balanced(text) {
  const pairs = { ')': '(', ']': '[', '}': '{' };
  const open = [];
  for (const sign of text) {
    if (Object.values(pairs).includes(sign)) open.push(sign);
    else if (sign in pairs) {
      if (open.pop() !== pairs[sign]) return false;
    }
  }
  return open.length === 0;
}`,
    (random) => [word(random, '()[]a', 6)],
    [['([])'], ['([)]'], ['('], [')'], [''], ['a{b}']],
  ),
  of(
    'shipping',
    `
function shipping(weight, express, country) {
  if (weight <= 0) throw new RangeError('nothing to send');
  let price = weight > 10 ? 12 : 5;
  if (express) price += 8;
  if (country !== 'DE') price *= 2;
  return weight > 30 ? price + 20 : price;
}`,
    ({ int, pick }) => [int(-1, 40), pick([true, false]), pick(['DE', 'FR'])],
    [
      [5, false, 'DE'],
      [10, false, 'DE'],
      [11, true, 'DE'],
      [31, false, 'FR'],
      [30, true, 'FR'],
      [0, false, 'DE'],
    ],
  ),
  of(
    'median',
    `
function median(values) {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle];
  return (sorted[middle - 1] + sorted[middle]) / 2;
}`,
    (random) => [list(random)],
    [[[3, 1, 2]], [[4, 1, 3, 2]], [[]], [[10, 9]], [[7]]],
  ),
  of(
    'chunk',
    `
function chunk(values, size) {
  if (size < 1) throw new RangeError('size is too small');
  const parts = [];
  for (let at = 0; at < values.length; at += size) {
    parts.push(values.slice(at, at + size));
  }
  return parts;
}`,
    (random) => [list(random, 7), random.int(0, 4)],
    [
      [[1, 2, 3, 4, 5], 2],
      [[], 3],
      [[1, 2], 2],
      [[1], 0],
      [[1, 2, 3], 1],
    ],
  ),
  of(
    'camel',
    `
function camel(name) {
  const parts = name.split(/[-_ ]+/).filter((part) => part !== '');
  return parts
    .map((part, at) => (at === 0 ? part.toLowerCase() : part[0].toUpperCase() + part.slice(1).toLowerCase()))
    .join('');
}`,
    (random) => [word(random, 'abC-_', 9)],
    [['foo-bar'], ['FOO_BAR_baz'], [''], ['-a-'], ['x']],
  ),
  of(
    'discount',
    `
function discount(total, member, coupon) {
  let share = 0;
  if (total >= 100) share += 10;
  if (member) share += 5;
  if (coupon === 'HALF') share = 50;
  const price = total - (total * share) / 100;
  return Math.round(price * 100) / 100;
}`,
    ({ int, pick }) => [int(50, 150), pick([true, false]), pick(['', 'HALF', 'NONE'])],
    [
      [100, false, ''],
      [99, true, ''],
      [120, true, ''],
      [120, true, 'HALF'],
      [80, false, 'NONE'],
    ],
  ),
  of(
    'primes',
    `
function primes(top) {
  const found = [];
  const struck = new Set();
  for (let number = 2; number <= top; number++) {
    if (struck.has(number)) continue;
    found.push(number);
    for (let other = number * number; other <= top; other += number) struck.add(other);
  }
  return found;
}`,
    upTo(40),
    [[10], [2], [1], [11], [30], [25]],
  ),
  of(
    'paginate',
    `
function paginate(count, size, page) {
  const pages = Math.max(1, Math.ceil(count / size));
  const current = Math.min(Math.max(page, 1), pages);
  const from = (current - 1) * size;
  const to = Math.min(from + size, count);
  return { pages, current, from, to, last: current === pages };
}`,
    ({ int }) => [int(0, 30), int(1, 8), int(-1, 7)],
    [
      [25, 10, 1],
      [25, 10, 3],
      [0, 10, 1],
      [20, 10, 9],
      [20, 10, 0],
    ],
  ),
  of(
    'ago',
    `
function ago(seconds) {
  if (seconds < 60) return 'just now';
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes === 1 ? '1 minute ago' : minutes + ' minutes ago';
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return hours === 1 ? '1 hour ago' : hours + ' hours ago';
  return Math.floor(hours / 24) + ' days ago';
}`,
    ({ int, pick }) => [pick([int(0, 200), int(3000, 9000), int(80_000, 200_000)])],
    [[59], [60], [125], [3600], [7300], [86_400], [200_000]],
  ),
  of(
    'tokens',
    `
function tokens(text) {
  const found = [];
  let at = 0;
  while (at < text.length) {
    const sign = text[at];
    if (sign === ' ') {
      at++;
      continue;
    }
    if (sign >= '0' && sign <= '9') {
      let end = at;
      while (end < text.length && text[end] >= '0' && text[end] <= '9') end++;
      found.push(Number(text.slice(at, end)));
      at = end;
    } else {
      if (!'+-*/()'.includes(sign)) throw new SyntaxError('unexpected ' + sign);
      found.push(sign);
      at++;
    }
  }
  return found;
}`,
    (random) => [word(random, '0129+( x', 6)],
    [['1 + 22'], ['(3)'], [''], ['9'], ['a'], ['10*0']],
  ),
  of(
    'topWords',
    `
function topWords(text, most) {
  const counts = new Map();
  for (const word of text.toLowerCase().split(/\\W+/)) {
    if (word === '') continue;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, most)
    .map(([word]) => word);
}`,
    (random) => [word(random, 'ab ab B', 14), random.int(0, 3)],
    [
      ['a b a', 1],
      ['b a', 2],
      ['', 2],
      ['A a b', 2],
      ['c c b b a', 2],
    ],
  ),
  of(
    'isoWeekday',
    `
function nextWorkday(day, holidays) {
  let next = (day + 1) % 7;
  let waited = 1;
  while (next === 0 || next === 6 || holidays.includes(next)) {
    next = (next + 1) % 7;
    waited++;
    if (waited > 7) return undefined;
  }
  return { next, waited };
}`,
    (random) => [random.int(0, 6), Array.from({ length: random.int(0, 5) }, () => random.int(1, 5))],
    [
      [4, []],
      [5, []],
      [6, []],
      [0, [1]],
      [0, [1, 2, 3, 4, 5]],
    ],
  ),
];
