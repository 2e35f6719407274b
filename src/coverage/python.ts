import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Measured, textsIn, type Way } from './reached.ts';
import { addSitecustomize, isLost } from './sitecustomize.ts';

/** Every line of one file, once. */
const body = String.raw`
def _is_target(code, _real=os.path.realpath):
    name = code.co_filename
    if name not in known:
        known[name] = name.endswith(os.path.basename(PLACE)) and _real(name) == PLACE
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
`;

export function meterPython({ suite, root, target, folder }: Measured): Way {
  const read: Way['read'] = () => {
    const left = textsIn(folder, '.lines');
    if (isLost(left)) return undefined;
    const said = left.flatMap((text) => text.split('\n'));
    const known = new Set(said.flatMap((line) => (line.startsWith('of ') ? [Number(line.slice(3))] : [])));
    const ran = new Set(said.flatMap((line) => (/^\d+$/.test(line) ? [Number(line)] : [])));
    return known.size === 0 ? undefined : { ran, known };
  };
  return { suite: addSitecustomize(suite, { folder, place: join(realpathSync(root), target), body }), read };
}
