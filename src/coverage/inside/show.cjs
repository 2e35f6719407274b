/** Values as text, beside the tracer that is loaded into Node: what is big is a size, and no getter, proxy or iterator of the program is run. */
'use strict';
const { types, inspect } = require('node:util');
const { getOwnPropertyDescriptor: describe, getPrototypeOf, prototype: objectPrototype } = Object;
/** How much is shown at most: `chars` of a string, `items` of a collection, `most` in all. */
const given = require('./given.json');

const short = (text) => (text.length <= given.chars ? text : undefined);
const hash = (text) => {
  let sum = 2166136261;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 16777619) >>> 0;
  return sum.toString(16);
};
const string = (text) => (short(text) === undefined ? `<string of ${text.length} chars, ${hash(text)}>` : JSON.stringify(text));
const nameOf = (value) => {
  const found = describe(getPrototypeOf(value) || objectPrototype, 'constructor');
  const maker = found && found.value;
  const name = typeof maker === 'function' && !types.isProxy(maker) ? describe(maker, 'name') : undefined;
  return name && typeof name.value === 'string' ? name.value : '';
};
const plain = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : string(name));
const show = (value, depth) => {
  if (typeof value === 'string') return string(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol') return 'symbol';
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return Object.is(value, -0) ? '-0' : String(value);
  if (types.isProxy(value)) return '<proxy>';
  if (typeof value === 'function') {
    const name = describe(value, 'name');
    return `<function ${name && typeof name.value === 'string' ? name.value : ''}>`;
  }
  if (types.isPromise(value)) {
    // Numbers that Node counts promises by differ from run to run.
    const shown = inspect(value, { depth: 0, customInspect: false, maxStringLength: 200, breakLength: Infinity });
    return shown.replace(/,? *\[Symbol\((?:trigger_)?async_id_symbol\)\]: \d+/g, '');
  }
  if (types.isDate(value)) return '<date>';
  if (types.isRegExp(value)) return inspect(value, { customInspect: false });
  if (types.isNativeError(value)) {
    const message = describe(value, 'message');
    return `${nameOf(value) || 'Error'}(${message && typeof message.value === 'string' ? string(message.value.split('\n')[0]) : ''})`;
  }
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `${nameOf(value)}(${value.byteLength} bytes)`;
  if (types.isMap(value) || types.isSet(value)) {
    const entries = [];
    const each = types.isMap(value) ? Map.prototype.forEach : Set.prototype.forEach;
    each.call(value, (inner, name) => {
      if (entries.length > given.items) return;
      entries.push(depth <= 0 ? '' : types.isMap(value) ? `${show(name, 0)} => ${show(inner, depth - 1)}` : show(inner, depth - 1));
    });
    const size = types.isMap(value) ? describe(Map.prototype, 'size').get.call(value) : describe(Set.prototype, 'size').get.call(value);
    const kind = `${types.isMap(value) ? 'Map' : 'Set'}(${size})`;
    return depth <= 0 || size === 0 ? kind : `${kind} { ${entries.slice(0, given.items).join(', ')}${size > given.items ? ', …' : ''} }`;
  }
  if (Array.isArray(value)) {
    if (depth <= 0) return value.length === 0 ? '[]' : `<array of ${value.length}>`;
    const shown = [];
    for (let at = 0; at < Math.min(value.length, given.items); at++) {
      const one = describe(value, at);
      shown.push(one === undefined ? '' : 'value' in one ? show(one.value, depth - 1) : '<getter>');
    }
    return `[${shown.join(', ')}${value.length > given.items ? `, … ${value.length} in all` : ''}]`;
  }
  const name = nameOf(value);
  const head = name === '' || name === 'Object' ? '' : `${name} `;
  const names = Object.keys(value);
  if (depth <= 0) return names.length === 0 ? `${head}{}` : `${head}{…}`;
  const shown = names.slice(0, given.items).map((one) => {
    const found = describe(value, one);
    return `${plain(one)}: ${found && 'value' in found ? show(found.value, depth - 1) : '<getter>'}`;
  });
  return shown.length === 0
    ? `${head}{}`
    : `${head}{ ${shown.join(', ')}${names.length > shown.length ? `, … ${names.length} in all` : ''} }`;
};
const tell = (value, depth = 2) => {
  try {
    const text = show(value, depth);
    return text.length > given.most ? `${show(value, 0)} #${hash(text)}` : text;
  } catch {
    return '<unreadable>';
  }
};

module.exports = { tell };
