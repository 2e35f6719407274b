import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Measured, textsIn, type Way } from './reached.ts';

/**
 * Python loads a sitecustomize from PYTHONPATH whatever starts it, so that every runner and child process is measured. From 3.12 on by
 * sys.monitoring, which costs nothing after a line's first run; before, by a trace function, and who takes its place is told of.
 */
const source = String.raw`
import os, sys, threading

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = __TARGET__
OUT = os.path.join(__OUT__, "%d.lines" % os.getpid())
known = {}
seen = set()

def _put(text, _open=os.open, _write=os.write, _close=os.close, _flags=os.O_APPEND | os.O_CREAT | os.O_WRONLY):
    try:
        handle = _open(OUT, _flags, 0o600)
        _write(handle, text.encode("ascii"))
        _close(handle)
    except Exception:
        pass

def _is_target(code, _real=os.path.realpath):
    name = code.co_filename
    if name not in known:
        known[name] = name.endswith(os.path.basename(TARGET)) and _real(name) == TARGET
    return known[name]

def _hit(line):
    if line not in seen:
        seen.add(line)
        _put("%d\n" % line)

def _lines(code):
    import dis
    found = set(line for _, line in dis.findlinestarts(code) if line)
    for one in code.co_consts:
        if hasattr(one, "co_code"):
            found |= _lines(one)
    return found

def _begin(code):
    if code.co_name == "<module>":
        _put("".join("of %d\n" % line for line in _lines(code)))

def _monitor():
    monitoring = sys.monitoring
    events = monitoring.events
    tool = 4
    monitoring.use_tool_id(tool, "glm-skill")
    def start(code, offset):
        if _is_target(code):
            _begin(code)
            monitoring.set_local_events(tool, code, events.LINE)
        return monitoring.DISABLE
    def line(code, number):
        _hit(number)
        return monitoring.DISABLE
    monitoring.register_callback(tool, events.PY_START, start)
    monitoring.register_callback(tool, events.LINE, line)
    monitoring.set_events(tool, events.PY_START)

def _trace():
    import atexit
    def local(frame, event, arg):
        if event == "line":
            _hit(frame.f_lineno)
        return local
    def call(frame, event, arg):
        if event == "call" and _is_target(frame.f_code):
            _begin(frame.f_code)
            return local
    atexit.register(lambda: sys.gettrace() is call or _put("lost\n"))
    threading.settrace(call)
    sys.settrace(call)

def _chain():
    """The sitecustomize that stands behind ours."""
    import importlib.machinery, importlib.util
    rest = [path for path in sys.path if os.path.abspath(path or ".") != HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
    if spec and spec.loader:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))

try:
    _chain()
except Exception:
    pass
try:
    _monitor() if hasattr(sys, "monitoring") else _trace()
except Exception:
    _put("lost\n")
`;

export function meterPython({ suite, root, target, folder }: Measured): Way {
  const plugin = `${folder}-python`;
  mkdirSync(plugin, { recursive: true, mode: 0o700 });
  const filled = source
    .replace('__TARGET__', () => JSON.stringify(join(realpathSync(root), target)))
    .replace('__OUT__', () => JSON.stringify(folder));
  writeFileSync(join(plugin, 'sitecustomize.py'), filled);
  const read: Way['read'] = () => {
    const left = textsIn(folder, '.lines');
    // Whoever took the trace function away saw the rest alone.
    if (left.every((text) => /^lost$/m.test(text))) return undefined;
    const said = left.flatMap((text) => text.split('\n'));
    const known = new Set(said.flatMap((line) => (line.startsWith('of ') ? [Number(line.slice(3))] : [])));
    const ran = new Set(said.flatMap((line) => (/^\d+$/.test(line) ? [Number(line)] : [])));
    return known.size === 0 ? undefined : { ran, known };
  };
  const paths = [plugin, ...(suite.env.PYTHONPATH === undefined ? [] : [suite.env.PYTHONPATH])];
  return { suite: { ...suite, env: { ...suite.env, PYTHONPATH: paths.join(delimiter) } }, env: {}, read };
}
