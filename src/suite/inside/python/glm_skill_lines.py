"""Every line of one file, once; `of N` for each that can run."""
import os
import sys
import threading

from glm_skill_out import place, put

_known = {}
_seen = set()
_ends = []


def stop():
    """For a runner whose tests are over."""
    for end in _ends:
        end()


def _is_target(code, _real=os.path.realpath):
    name = code.co_filename
    if name not in _known:
        _known[name] = name.endswith(os.path.basename(place)) and _real(name) == place
    return _known[name]


def _hit(line):
    if line not in _seen:
        _seen.add(line)
        put("%d\n" % line)


def _lines(code):
    import dis

    found = set(line for _, line in dis.findlinestarts(code) if line)
    for one in code.co_consts:
        if hasattr(one, "co_code"):
            found |= _lines(one)
    return found


def _begin(code):
    if code.co_name == "<module>":
        put("".join("of %d\n" % line for line in _lines(code)))


def monitor(monitoring):
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


def trace():
    import atexit

    def local(frame, event, arg):
        if event == "line":
            _hit(frame.f_lineno)
        return local

    def call(frame, event, arg):
        if event == "call" and _is_target(frame.f_code):
            _begin(frame.f_code)
            return local

    began = []

    def begin():
        began.append(True)
        sys.settrace(call)


    def end():
        if sys.gettrace() is call:
            del began[:]
            sys.settrace(None)

    def loads(event, args, _own=threading.get_ident, _first=threading.get_ident()):
        # Only the thread that asks can be traced: the first one would go on unseen.
        if event == "exec" and not began and hasattr(args[0], "co_filename") and _is_target(args[0]):
            begin()
            if _own() != _first:
                put("lost\n")

    _ends.append(end)
    atexit.register(lambda: not began or sys.gettrace() is call or put("lost\n"))
    threading.settrace(call)
    # Until the file is loaded nothing of it can run, and to trace what a runner brings in takes as long as the runner itself.
    if hasattr(sys, "addaudithook"):
        sys.addaudithook(loads)
    else:
        begin()
