import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element: `@name` for attributes, `#text` for text, everything else children. */
export type Element = { readonly [key: string]: unknown };

/** Reads XML leniently. `sound` is false where it is not well formed, as in a report that was cut: what was read still counts. Never throws. */
export function readXml(text: string): { readonly root: Element; readonly sound: boolean } {
  const lists = new Set([
    'testsuite',
    'testcase',
    'failure',
    'error',
    'UnitTestResult',
    'UnitTest',
    'rerunFailure',
    'flakyFailure',
    'rerunError',
    'flakyError',
  ]);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    cdataPropName: '#cdata',
    isArray: (name) => lists.has(name),
  });
  try {
    const root: unknown = parser.parse(text);
    return { root: isElement(root) ? root : {}, sound: XMLValidator.validate(text) === true };
  } catch {
    return { root: {}, sound: false };
  }
}

export const isElement = (value: unknown): value is Element => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Children of one name; text-only elements come as elements. */
export function childrenOf(element: Element, name: string): Element[] {
  const value = element[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((one: unknown) => (isElement(one) ? one : { '#text': one }));
}

export function attribute(element: Element, name: string): string | undefined {
  const value = element[`@${name}`];
  return typeof value === 'string' ? decode(value) : undefined;
}

export function textOf(element: Element): string {
  const parts = (name: string) =>
    [element[name]]
      .flat()
      .filter((part) => typeof part === 'string' || typeof part === 'number')
      .join('');
  return `${decode(parts('#text'))}${parts('#cdata')}`.trim();
}

/** The parser leaves `&#10;` and the like as they are. */
function decode(text: string): string {
  return text.replace(/&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi, (all, hex: string | undefined, decimal: string | undefined) => {
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
