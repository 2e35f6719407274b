import { realpathSync } from 'node:fs';
import { type Traced, type Tracer, textsIn } from './reached.ts';
import { addSitecustomize } from './sitecustomize.ts';

/** Every function below a folder, once: the line it starts at and the first of its body. Modules and class bodies have the line 0. */
const body = String.raw`
def _path(code, _real=os.path.realpath):
    name = code.co_filename
    if name not in known:
        # "<string>" and "<frozen os>" are no files, and would pass for some of the folder we are in.
        path = "" if name.startswith("<") else _real(name)
        inside = path.startswith(PLACE + os.sep) and not ("\t" in path or "\n" in path)
        known[name] = path[len(PLACE) + 1:].replace(os.sep, "/") if inside else None
    return known[name]

def _enter(code):
    path = _path(code)
    if path is None:
        return
    # Only functions have fast locals.
    if not code.co_flags & 1:
        _put("0\t%s\n" % path)
        return
    import dis
    lines = [line for _, line in dis.findlinestarts(code) if line and line > code.co_firstlineno]
    _put("%d\t%s\n" % (code.co_firstlineno, path))
    if lines:
        _put("%d\t%s\n" % (min(lines), path))

def _monitor():
    monitoring = sys.monitoring
    tool = 4
    monitoring.use_tool_id(tool, "glm-skill")
    def start(code, offset):
        _enter(code)
        return monitoring.DISABLE
    monitoring.register_callback(tool, monitoring.events.PY_START, start)
    monitoring.set_events(tool, monitoring.events.PY_START)

def _trace():
    import atexit
    # By identity: code objects compare by what they hold. They are kept, so that no other takes the place.
    kept = {}
    def call(frame, event, arg):
        if event == "call":
            code = frame.f_code
            if id(code) not in kept:
                kept[id(code)] = code
                _enter(code)
    atexit.register(lambda: sys.getprofile() is call or _put("lost\n"))
    threading.setprofile(call)
    sys.setprofile(call)
`;

export function tracePython({ suite, root, folder }: Traced): Tracer {
  const read: Tracer['read'] = () => {
    const left = textsIn(folder, '.lines');
    // Half of what ran would say of the rest that it did not.
    if (left.some((text) => /^lost$/m.test(text))) return undefined;
    const ran = new Map<string, Set<number>>();
    for (const [, line, path = ''] of left.flatMap((text) => [...text.matchAll(/^(\d+)\t(.+)$/gm)])) {
      const lines = ran.get(path) ?? new Set();
      ran.set(path, lines);
      if (line !== '0') lines.add(Number(line));
    }
    return ran;
  };
  return { suite: addSitecustomize(suite, { folder, place: realpathSync(root), body }), read };
}
