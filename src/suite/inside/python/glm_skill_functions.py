"""Every function below a folder, once: the line it starts at and the first of its body. Modules and class bodies have the line 0."""
import os
import sys
import threading

from glm_skill_out import place, put

_known = {}


def _path(code, _real=os.path.realpath):
    name = code.co_filename
    if name not in _known:
        # "<string>" and "<frozen os>" are no files, and would pass for some of the folder we are in.
        path = "" if name.startswith("<") else _real(name)
        inside = path.startswith(place + os.sep) and not ("\t" in path or "\n" in path)
        _known[name] = path[len(place) + 1:].replace(os.sep, "/") if inside else None
    return _known[name]


def _enter(code):
    path = _path(code)
    if path is None:
        return
    # Only functions have fast locals.
    if not code.co_flags & 1:
        put("0\t%s\n" % path)
        return
    import dis

    lines = [line for _, line in dis.findlinestarts(code) if line and line > code.co_firstlineno]
    put("%d\t%s\n" % (code.co_firstlineno, path))
    if lines:
        put("%d\t%s\n" % (min(lines), path))


def monitor(monitoring):
    tool = 4
    monitoring.use_tool_id(tool, "glm-skill")

    def start(code, offset):
        _enter(code)
        return monitoring.DISABLE

    monitoring.register_callback(tool, monitoring.events.PY_START, start)
    monitoring.set_events(tool, monitoring.events.PY_START)


def trace():
    import atexit

    # By identity: code objects compare by what they hold. They are kept, so that no other takes the place.
    kept = {}

    def call(frame, event, arg):
        if event == "call":
            code = frame.f_code
            if id(code) not in kept:
                kept[id(code)] = code
                _enter(code)

    atexit.register(lambda: sys.getprofile() is call or put("lost\n"))
    threading.setprofile(call)
    sys.setprofile(call)
