/**
 * Stands between `go test -exec` and the test binary: runs it below delve and writes down what functions of the module were given and what they
 * gave. `given.json` beside it names what is looked at and the limits. Nothing of the program is called; it ends as it would by itself.
 */
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { spawn } = require('node:child_process');
const given = JSON.parse(fs.readFileSync(path.join(__dirname, 'given.json'), 'utf8'));
const out = fs.openSync(path.join(given.out, `${process.pid}.jsonl`), 'a', 0o600);
const [binary, ...flags] = process.argv.slice(2);
const load = {
  followPointers: true,
  maxVariableRecurse: 2,
  maxStringLen: given.chars,
  maxArrayValues: given.items,
  maxStructFields: given.items,
};

// ---- values

/** Of reflect, as delve numbers them. */
const kinds = {
  bool: 1,
  float: 14,
  complex: 16,
  array: 17,
  chan: 18,
  func: 19,
  interface: 20,
  map: 21,
  pointer: 22,
  slice: 23,
  string: 24,
  struct: 25,
};
const isResult = 16;
const hash = (text) => {
  let total = 2166136261;
  for (let at = 0; at < text.length; at++) total = Math.imul(total ^ text.charCodeAt(at), 16777619) >>> 0;
  return total.toString(16);
};
const typeOf = (name) =>
  name
    .replace(/^\*/, '')
    .replace(/[\w.%~-]+\//g, '')
    .replace(/\b\w+\./g, '')
    .replace(/go\.shape\.|_\d+\b/g, '');
const list = (parts, size) => parts.join(', ') + (size > parts.length ? `, … ${size} in all` : '');

function show(value, depth) {
  const { kind, len = 0, type = '' } = value;
  const children = value.children || [];
  const [inner] = children;
  if (value.unreadable) return '<unreadable>';
  if (kind >= kinds.bool && kind <= kinds.complex) return value.value;
  if (kind === kinds.string) return len > value.value.length ? `<string of ${len} bytes>` : JSON.stringify(value.value);
  if (kind === kinds.pointer)
    return !inner || inner.addr === 0 ? 'nil' : inner.onlyAddr ? `&${typeOf(type)} {…}` : `&${show(inner, depth)}`;
  if (kind === kinds.interface) return !inner || inner.kind === 0 || (inner.addr === 0 && !inner.value) ? 'nil' : show(inner, depth);
  if (kind === kinds.func) return value.value ? `<func ${value.value.split('/').pop()}>` : 'nil';
  if (kind === kinds.chan) return '<chan>';
  if (kind === kinds.slice || kind === kinds.array) {
    if (depth <= 0 && len > 0) return `<slice of ${len}>`;
    return `[${list(
      children.map((one) => show(one, depth - 1)),
      len,
    )}]`;
  }
  if (kind === kinds.map) {
    if (depth <= 0 && len > 0) return `<map of ${len}>`;
    const pairs = [];
    for (let at = 0; at + 1 < children.length; at += 2) pairs.push(`${show(children[at], 0)}: ${show(children[at + 1], depth - 1)}`);
    // Go gives them in another order each time.
    return `{${list(pairs.sort(), len)}}`;
  }
  if (kind === kinds.struct) {
    if (depth <= 0 && len > 0) return `${typeOf(type)} {…}`;
    return `${typeOf(type)} {${list(
      children.map((one) => `${one.name}: ${show(one, depth - 1)}`),
      len,
    )}}`;
  }
  return value.value || `<${typeOf(type)}>`;
}

function tell(value) {
  const text = show(value, 2);
  return text.length > given.most ? `${show(value, 0)} #${hash(text)}` : text;
}

// ---- delve

const delve = spawn(
  'dlv',
  ['exec', '--headless', '--api-version=2', '--listen=127.0.0.1:0', '--check-go-version=false', binary, '--', ...flags],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
delve.on('error', () => process.exit(2));
let before = '';
let talking = false;
delve.stdout.on('data', (bytes) => {
  if (talking) return void process.stdout.write(bytes);
  before += bytes.toString('latin1');
  const end = before.indexOf('\n');
  if (end < 0) return;
  talking = true;
  process.stdout.write(Buffer.from(before.slice(end + 1), 'latin1'));
  const port = /:(\d+)\s*$/.exec(before.slice(0, end));
  if (!port) return void process.exit(2);
  watch(Number(port[1])).then(finish, () => finish(2));
});
const finish = (code) => {
  delve.once('exit', () => process.exit(code));
  delve.kill();
};

function connect(port) {
  const socket = net.connect(port, '127.0.0.1');
  const waiting = new Map();
  let rest = '';
  let last = 0;
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    rest += text;
    for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n')) {
      const said = JSON.parse(rest.slice(0, at));
      rest = rest.slice(at + 1);
      const ready = waiting.get(said.id);
      waiting.delete(said.id);
      if (ready) ready(said.error ? undefined : said.result);
    }
  });
  const lost = () => {
    for (const ready of waiting.values()) ready(undefined);
  };
  socket.on('close', lost);
  socket.on('error', lost);
  return (method, given) =>
    new Promise((ready) => {
      waiting.set(++last, ready);
      socket.write(`${JSON.stringify({ method: `RPCServer.${method}`, params: [given], id: last })}\n`);
    });
}

/** To the end of the program; its exit code. */
async function watch(port) {
  const call = connect(port);
  const points = new Map();
  const all = await call('ListFunctions', { Filter: given.filter });
  for (const name of ((all && all.Funcs) || []).slice(0, given.functions)) {
    const made = [];
    const stop = async (at) => {
      const point = await call('CreateBreakpoint', { Breakpoint: { line: -1, tracepoint: true, loadArgs: load, stacktrace: 24, ...at } });
      if (point) made.push(point.Breakpoint.id);
      return point && point.Breakpoint;
    };
    const entry = await stop({ functionName: name });
    if (!entry) continue;
    if (/_test\.go$/.test(entry.file)) {
      await call('ClearBreakpoint', { Id: entry.id });
      continue;
    }
    const ends = await call('FunctionReturnLocations', { FnName: name });
    for (const addr of (ends && ends.Addrs) || []) await stop({ addr, traceReturn: true });
    points.set(name, { made, left: given.perFunction, file: entry.file, line: entry.line });
  }
  const open = new Map();
  const started = Date.now();
  let calls = 0;
  for (;;) {
    const said = await call('Command', { name: 'continue' });
    if (!said || said.State.exited) return said ? said.State.exitStatus : 2;
    const hit = (said.State.Threads || []).filter((one) => one.breakPoint && one.breakPointInfo && points.has(one.breakPoint.functionName));
    for (const { goroutineID, breakPoint, breakPointInfo } of hit) {
      const name = breakPoint.functionName;
      const point = points.get(name);
      const stack = open.get(goroutineID) || [];
      open.set(goroutineID, stack);
      const values = (breakPointInfo.arguments || []).filter((one) => one.name !== '.dict');
      const own = (breakPointInfo.stacktrace || []).filter(
        ({ function: called }) => called && (points.has(called.name) || /_test\.go$/.test(called.file || '')),
      );
      if (!breakPoint.traceReturn)
        stack.push({ name, args: values.filter(({ flags }) => (flags & isResult) === 0).map((one) => [one.name, tell(one)]), own });
      else end(stack, name, point, values);
      if (breakPoint.traceReturn && (--point.left <= 0 || ++calls > given.calls || Date.now() - started > given.ms)) {
        for (const Id of point.made.splice(0)) await call('ClearBreakpoint', { Id });
      }
    }
  }
}

/** Whatever was called inside and did not come back was left by a panic. */
function end(stack, name, point, values) {
  const at = stack.map((one) => one.name).lastIndexOf(name);
  if (at < 0) return;
  const inner = stack.splice(at);
  const [call] = inner;
  const results = values.filter(({ flags }) => (flags & isResult) !== 0).map(tell);
  const [, outer] = call.own;
  const short = name
    .replace(/^.*\//, '')
    .replace(/^[^.]*\./, '')
    .replace(/\[.*\]/, '')
    .replace(/\(\*?(\w+)\)/, '$1');
  const receiver = /\(\*?\w+\)/.test(name) ? values[0] : undefined;
  fs.writeSync(
    out,
    `${JSON.stringify({
      name: short,
      file: point.file,
      line: point.line,
      args: receiver ? call.args.slice(1) : call.args,
      gave: results.length > 1 ? `(${results.join(', ')})` : results[0] || '',
      ...(receiver && { self: tell(receiver) }),
      depth: call.own.length,
      ...(outer && { from: [outer.file, outer.line] }),
    })}\n`,
  );
}
