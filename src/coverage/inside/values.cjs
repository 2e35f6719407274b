/**
 * Loaded into every Node process and worker of a run (`NODE_OPTIONS=--require`), as CommonJS. Stops, by the inspector of this thread, where a
 * function of the repository returns or throws, and writes down what it was given and what it gave: it works on what V8 runs, whoever compiled
 * it. `given.json` beside it names what is looked at and the limits. No getter, proxy or iterator of the program is run.
 */
'use strict';
(() => {
  const fs = require('node:fs');
  const path = require('node:path');
  const vm = require('node:vm');
  const { tell } = require('./show.cjs');
  const { fileURLToPath } = require('node:url');
  const { threadId } = require('node:worker_threads');
  const given = JSON.parse(fs.readFileSync(path.join(__dirname, 'given.json'), 'utf8'));
  const now = process.hrtime.bigint;
  const { getOwnPropertyDescriptor: describe } = Object;
  const key = Symbol.for('glm-skill.values');

  let session;
  try {
    session = new (require('node:inspector').Session)();
    session.connect();
  } catch {
    return;
  }
  const post = (method, params) => {
    let answer;
    session.post(method, params, (error, result) => {
      if (!error) answer = result;
    });
    return answer;
  };

  // ---- scripts

  const out = fs.openSync(path.join(given.out, `${process.pid}-${threadId}.jsonl`), 'a', 0o600);
  const { writeSync } = fs;
  const write = (record) => writeSync(out, `${JSON.stringify(record)}\n`);
  const scripts = new Map();
  const fileOf = (url) => {
    let file = url.replace(/[?#][^/]*$/, '');
    try {
      if (file.startsWith('file:')) file = fileURLToPath(file);
    } catch {
      return undefined;
    }
    const posix = file.replace(/\\/g, '/');
    const root = given.roots.find((one) => posix.startsWith(one));
    return root !== undefined && !/\/node_modules\//.test(posix) ? { file, inside: posix.slice(root.length) } : undefined;
  };
  /** What a runner has put before the first line of a module: maps do not know it. */
  const wrapper = /^(?:\(\{"[^"]*":function\([^)]*\)\{|(?:'use strict';)?\s*async\s*\([^)]*\)\s*=>\s*\{\{?)/;
  const open = (scriptId) => {
    const script = scripts.get(scriptId);
    if (script === undefined || script.lines !== undefined) return script;
    const text = (post('Debugger.getScriptSource', { scriptId }) || { scriptSource: '' }).scriptSource;
    script.lines = text.split('\n');
    let written = '';
    try {
      written = fs.readFileSync(script.file, 'utf8').replace(/^\uFEFF/, '');
    } catch {}
    const wrapped = written === text ? null : wrapper.exec(script.lines[0]);
    script.lead = wrapped ? wrapped[0].length : 0;
    // What a runner puts around a module moves no line.
    const same = written !== '' && (written === text || (wrapped !== null && text.startsWith(written.trimEnd(), script.lead)));
    write({ script: scriptId, file: script.file, map: script.map, same });
    return script;
  };
  session.on('Debugger.scriptParsed', ({ params: { scriptId, url, sourceMapURL } }) => {
    const found = fileOf(url);
    if (found === undefined) return;
    scripts.set(scriptId, { file: found.file, map: sourceMapURL || undefined });
    if (given.skip.includes(found.inside)) return;
    const places = post('Debugger.getPossibleBreakpoints', { start: { scriptId, lineNumber: 0, columnNumber: 0 } });
    const ends = (places ? places.locations : []).filter(({ type }) => type === 'return');
    if (ends.length > given.places) return;
    for (const location of ends) post('Debugger.setBreakpoint', { location });
    if (!catching) post('Debugger.setPauseOnExceptions', { state: 'all' });
    catching = true;
  });

  // ---- calls

  let catching = false;
  let calls = 0;
  let exceptions = 0;
  let spent = 0n;
  const functions = new Map();
  const place = ({ scriptId, lineNumber, columnNumber = 0 }) => {
    const { lead } = open(scriptId);
    return [scriptId, lineNumber, Math.max(columnNumber - (lineNumber === 0 ? lead : 0), 0)];
  };

  /** Parameters as they are written between the brackets, from the place at which V8 says that a function begins. */
  const parametersOf = ({ scriptId, lineNumber, columnNumber = 0 }) => {
    const { lines } = open(scriptId);
    let text = [lines[lineNumber].slice(columnNumber), ...lines.slice(lineNumber + 1, lineNumber + 20)].join('\n');
    text = text.replace(/^(?:async\s+)?(?:function\s*\*?\s*)?[\w$]*\s*(?=\()/, '').replace(/^async\s+/, '');
    if (text[0] !== '(') return (/^[A-Za-z_$][\w$]*(?=\s*=>)/.exec(text) || []).slice(0, 1);
    const found = [];
    let from = 1;
    let depth = 0;
    let quote = '';
    for (let at = 0; at < text.length; at++) {
      const sign = text[at];
      if (quote) {
        if (sign === '\\') at++;
        else if (sign === quote) quote = '';
      } else if (sign === '"' || sign === "'" || sign === '`') quote = sign;
      else if (sign === '/' && text[at + 1] === '*') at = Math.max(text.indexOf('*/', at) + 1, at);
      else if ('([{'.includes(sign)) depth++;
      else if (')]}'.includes(sign) && --depth === 0) {
        found.push(text.slice(from, at));
        break;
      } else if (sign === ',' && depth === 1) {
        found.push(text.slice(from, at));
        from = at + 1;
      }
    }
    return found.map((one) => one.replace(/\/\*[\s\S]*?\*\//g, '').trim()).filter((one) => one !== '');
  };

  /** In the world of the frame: runs once per call that is written down. */
  const note = (scope, result, self, global, parameters) => {
    const read = (name) => {
      const found = describe(scope, name);
      return found && 'value' in found ? found.value : undefined;
    };
    const given = parameters
      .split('\0')
      .filter(Boolean)
      .map((written) => {
        const name = /^(?:\.\.\.)?([A-Za-z_$][\w$]*)/.exec(written);
        if (name) return [name[1], tell(read(name[1]))];
        const inner = [...new Set(written.replace(/=[^,}\]]*/g, '').match(/[A-Za-z_$][\w$]*/g))].filter((one) => describe(scope, one));
        return ['', `{ ${inner.map((one) => `${one}: ${tell(read(one), 1)}`).join(', ')} }`];
      });
    const receiver = self === undefined || self === global || self === null ? undefined : tell(self);
    return JSON.stringify([given, tell(result), receiver]);
  };
  const share = (target) => {
    try {
      Object.defineProperty(target, key, { value: note, configurable: true });
    } catch {}
  };
  share(globalThis);
  // Runners that give every test file a world of its own.
  const { createContext } = vm;
  vm.createContext = (target = {}, ...rest) => {
    const made = createContext(target, ...rest);
    share(made);
    return made;
  };
  require('node:module').syncBuiltinESMExports();

  const take =
    'function(result, self, parameters) { const note = globalThis[Symbol.for("glm-skill.values")]; return note ? note(this, result, self, globalThis, parameters) : "" }';
  const argument = ({ objectId, unserializableValue, value }) =>
    objectId !== undefined ? { objectId } : unserializableValue !== undefined ? { unserializableValue } : { value };

  const paused = ({ reason, callFrames, data, hitBreakpoints = [] }) => {
    const threw = hitBreakpoints.length === 0;
    if (threw && reason !== 'exception' && reason !== 'promiseRejection') return;
    if (threw && ++exceptions > given.exceptions) return void post('Debugger.setPauseOnExceptions', { state: 'none' });
    const frames = callFrames.filter(({ location }) => scripts.has(location.scriptId));
    const frame = threw ? frames[0] : callFrames[0];
    if (!frame || !frame.functionLocation || !scripts.has(frame.location.scriptId)) return;
    const { scriptId, lineNumber, columnNumber = 0 } = frame.functionLocation;
    const script = open(scriptId);
    // The module itself is a function too, and what a runner has put around it.
    const local = frame.scopeChain.find(({ type }) => type === 'local');
    if (
      !local ||
      (lineNumber === 0 && columnNumber <= script.lead && frame.functionName === '') ||
      frame.functionName === '<instance_members_initializer>'
    )
      return;
    const id = `${scriptId}:${lineNumber}:${columnNumber}`;
    let known = functions.get(id);
    if (known === undefined) {
      known = { calls: 0, threw: 0, parameters: parametersOf(frame.functionLocation).join('\0') };
      functions.set(id, known);
    }
    if (
      threw
        ? ++known.threw > given.perFunction
        : ++known.calls > given.perFunction || (known.calls > 1 && (calls > given.calls || spent > given.ms))
    ) {
      for (const breakpointId of hitBreakpoints) post('Debugger.removeBreakpoint', { breakpointId });
      return;
    }
    calls++;
    const said = post('Runtime.callFunctionOn', {
      objectId: local.object.objectId,
      functionDeclaration: take,
      arguments: [argument(threw ? data || {} : frame.returnValue || {}), argument(frame.this || {}), { value: known.parameters }],
      returnByValue: true,
      silent: true,
    });
    if (!said || !said.result || !said.result.value) return;
    const [args, value, self] = JSON.parse(said.result.value);
    const outer = frames[frames.indexOf(frame) + 1];
    write({
      name: frame.functionName,
      at: place(frame.functionLocation),
      args,
      [threw ? 'threw' : 'gave']: value,
      self,
      end: frame.location.lineNumber,
      depth: frames.length - frames.indexOf(frame),
      from: outer && place(outer.location),
    });
  };
  given.ms = BigInt(given.ms) * 1_000_000n;
  let inside = false;
  session.on('Debugger.paused', ({ params }) => {
    if (inside) return;
    inside = true;
    const started = now();
    try {
      paused(params);
    } catch {}
    spent += now() - started;
    inside = false;
  });
  post('Debugger.enable', {});
})();
