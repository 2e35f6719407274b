'use strict';
/**
 * Loaded into every Node process and worker of a run (`NODE_OPTIONS=--require`), as CommonJS. Writes one line per script below one of `roots`
 * with the functions that ran: line and column (from 0) in the text that V8 ran, name and length. `map` is the script's own source map; `same` says
 * that what ran is what was written. Who cannot wait for the end of the process calls `process[Symbol.for('glm-skill.trace')]()`.
 */
(() => {
  const { appendFileSync, readFileSync } = require('fs');
  const { fileURLToPath } = require('url');
  const { roots, out: folder } = require('./given.json');
  let post;
  let session;
  try {
    const { Session } = require('inspector');
    session = new Session();
    session.connect();
    post = (method, params) => {
      let answer;
      session.post(method, params, (error, result) => {
        if (!error) answer = result;
      });
      return answer;
    };
    post('Profiler.enable');
    post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  } catch {
    return;
  }
  const out = `${folder + process.pid}-${require('worker_threads').threadId}.jsonl`;
  const fileOf = (url) => {
    let file = url.replace(/[?#][^/]*$/, '');
    try {
      if (file.startsWith('file:')) file = fileURLToPath(file);
    } catch {
      return undefined;
    }
    const plain = file.replace(/\\/g, '/');
    return roots.some((root) => plain.startsWith(root)) && !/\/node_modules\//.test(plain) ? file : undefined;
  };
  const startsOf = (text) => {
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  };
  const placesOf = (functions, text, same) => {
    const starts = startsOf(text);
    const places = [];
    // The whole script is a function too.
    const inner = functions.filter(({ ranges: [{ startOffset, endOffset }] }) => startOffset > 0 || endOffset < text.length);
    const end = Math.max(...inner.map(({ ranges }) => ranges[0].endOffset));
    // A function that a runner has put around the module stands in its first line and holds all others.
    const [first] = inner;
    const holds = !same && first && first.ranges[0].endOffset === end && first.ranges[0].startOffset < (starts[1] || 0);
    const around = holds && /^(?:Object\.<anonymous>)?$/.test(first.functionName) ? first : undefined;
    // Maps do not know what it puts before the first line.
    const lead = around ? around.ranges[0].startOffset + /^[^{]*\{{0,2}/.exec(text.slice(around.ranges[0].startOffset))[0].length : 0;
    for (const one of inner) {
      const {
        functionName,
        ranges: [{ startOffset, endOffset, count }],
      } = one;
      if (count === 0 || one === around || functionName === '<static_initializer>') continue;
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle] <= startOffset) low = middle;
        else high = middle - 1;
      }
      places.push([low, startOffset - (low === 0 ? lead : starts[low]), functionName, endOffset - startOffset]);
    }
    return places;
  };
  const take = () => {
    const ran = new Map();
    for (const { scriptId, url, functions } of (post('Profiler.takePreciseCoverage') || { result: [] }).result) {
      const file = fileOf(url);
      if (file !== undefined && functions.some(({ ranges }) => ranges[0].count > 0)) ran.set(scriptId, { file, functions });
    }
    if (ran.size === 0) return;
    const maps = new Map();
    const parsed = ({ params }) => {
      if (ran.has(params.scriptId)) maps.set(params.scriptId, params.sourceMapURL || undefined);
    };
    session.on('Debugger.scriptParsed', parsed);
    post('Debugger.enable');
    let lines = '';
    for (const [scriptId, { file, functions }] of ran) {
      const text = (post('Debugger.getScriptSource', { scriptId }) || { scriptSource: '' }).scriptSource;
      let same = false;
      try {
        same = readFileSync(file, 'utf8').replace(/^\uFEFF/, '') === text;
      } catch {}
      lines += `${JSON.stringify({ file, same, map: maps.get(scriptId), ran: placesOf(functions, text, same) })}\n`;
    }
    post('Debugger.disable');
    session.removeListener('Debugger.scriptParsed', parsed);
    appendFileSync(out, lines, { mode: 0o600 });
  };
  const safely = () => {
    try {
      take();
    } catch {}
  };
  process[Symbol.for('glm-skill.trace')] = safely;
  process.on('exit', safely);
})();
