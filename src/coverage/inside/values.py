"""Loaded as sitecustomize into every Python process of a run: writes down what functions of the repository were given and what they gave.

`given.json` beside it names what is looked at and the limits. No property, `__repr__`, `__getattr__` or iterator of the program is run.
"""
import json
import os
import sys
import threading

_here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(_here, "given.json"), encoding="utf-8") as _file:
    _given = json.load(_file)
_roots = _given["roots"]
_skip = set(_given["skip"])
_chars, _most, _items = _given["chars"], _given["most"], _given["items"]
_plain = {"datetime", "decimal", "fractions", "uuid", "pathlib"}
_comprehensions = {"<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>"}


def _hash(text):
    total = 2166136261
    for sign in text:
        total = ((total ^ ord(sign)) * 16777619) & 0xFFFFFFFF
    return "%x" % total


def _string(text):
    if len(text) > _chars:
        return "<string of %d chars, %s>" % (len(text), _hash(text))
    return json.dumps(str.__str__(text), ensure_ascii=False)


def _fields(value):
    try:
        found = object.__getattribute__(value, "__dict__")
    except Exception:
        return {}
    return found if type(found) is dict else {}


def _join(start, parts, size, end):
    more = ", … %d in all" % size if size > _items else ""
    return start + ", ".join(parts) + more + end


def _show(value, depth):
    kind = type(value)
    if value is None or kind is bool or kind is int or kind is float or kind is complex:
        return repr(value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, (bytes, bytearray)):
        return "b" + _string(bytes(value).decode("latin-1")) if len(value) < 200 else "<%d bytes>" % len(value)
    if isinstance(value, BaseException):
        told = BaseException.__getattribute__(value, "args")
        return "%s(%s)" % (kind.__name__, ", ".join(_show(one, 0) for one in told[:3]))
    if isinstance(value, dict):
        size = dict.__len__(value)
        if depth <= 0:
            return "{}" if size == 0 else "{…}"
        pairs = []
        for name, inner in dict.items(value):
            if len(pairs) == _items:
                break
            pairs.append("%s: %s" % (_show(name, 0), _show(inner, depth - 1)))
        return _join("{", pairs, size, "}")
    for base, start, end in ((list, "[", "]"), (tuple, "(", ")"), (set, "{", "}"), (frozenset, "frozenset(", ")")):
        if isinstance(value, base):
            size = base.__len__(value)
            if depth <= 0:
                return start + end if size == 0 else "<%s of %d>" % (base.__name__, size)
            shown = []
            for inner in base.__iter__(value):
                if len(shown) == _items:
                    break
                shown.append(_show(inner, depth - 1))
            if base in (set, frozenset):
                shown.sort()
            return _join(start, shown, size, end)
    if isinstance(value, type):
        return "<class %s>" % value.__name__
    if callable(value) and kind.__name__ in ("function", "method", "builtin_function_or_method"):
        return "<function %s>" % value.__name__
    if kind.__module__ in _plain or kind.__module__.split(".")[0] == "pathlib":
        return repr(value)
    fields = _fields(value)
    if "_value_" in fields and "_name_" in fields:
        return "%s.%s" % (kind.__name__, fields["_name_"])
    if depth <= 0 or not fields:
        return "%s {}" % kind.__name__ if not fields else "%s {…}" % kind.__name__
    pairs = ["%s: %s" % (name, _show(inner, depth - 1)) for name, inner in list(fields.items())[:_items]]
    return _join("%s { " % kind.__name__, pairs, len(fields), " }")


def _tell(value, depth=2):
    try:
        text = _show(value, depth)
        return "%s #%s" % (_show(value, 0), _hash(text)) if len(text) > _most else text
    except Exception:
        return "<unreadable>"


_out = os.path.join(_given["out"], "%d.jsonl" % os.getpid())


def _put(record, _open=os.open, _write=os.write, _close=os.close, _flags=os.O_APPEND | os.O_CREAT | os.O_WRONLY):
    try:
        handle = _open(_out, _flags, 0o600)
        _write(handle, (json.dumps(record) + "\n").encode("utf-8", "surrogateescape"))
        _close(handle)
    except Exception:
        pass


_known = {}


def _path(code, _real=os.path.realpath):
    """Below the repository, installed packages apart."""
    name = code.co_filename
    if name not in _known:
        path = "" if name.startswith("<") else _real(name).replace(os.sep, "/")
        inside = next((path[len(root):] for root in _roots if path.startswith(root)), None)
        _known[name] = None if inside is None or "/site-packages/" in path or "/.glm-skill" in path else inside
    return _known[name]


_counts = {}
_calls = 0
_open_calls = {}
_by_value = {"RETURN_VALUE", "RETURN_CONST", "INSTRUMENTED_RETURN_VALUE", "INSTRUMENTED_RETURN_CONST", "RETURN_GENERATOR"}
_yields = {"YIELD_VALUE", "INSTRUMENTED_YIELD_VALUE"}


def _arguments(frame):
    code = frame.f_code
    count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)
    values = frame.f_locals
    names = [name for name in code.co_varnames[:count] if name in values]
    receiver = names[0] if names and names[0] in ("self", "cls") else None
    return [[name, _tell(values[name])] for name in names if name != receiver], receiver


def _outer(frame):
    """The next frame of the repository, and how many there are."""
    found, depth = None, 1
    while frame is not None:
        path = _path(frame.f_code)
        if path is not None:
            depth += 1
            found = found or [path, frame.f_lineno]
        frame = frame.f_back
    return found, depth


def _local(frame, event, arg):
    known = _open_calls.get(id(frame))
    if known is None:
        return _local
    if event == "exception":
        known["error"] = arg[1]
        known["end"] = frame.f_lineno
    elif event == "return":
        import dis

        del _open_calls[id(frame)]
        at = frame.f_lasti
        name = dis.opname[frame.f_code.co_code[at]] if at >= 0 else ""
        threw = arg is None and known["error"] is not None and name not in _by_value and name not in _yields
        record = known["record"]
        receiver = known["receiver"]
        if receiver is not None and receiver in frame.f_locals:
            record["self"] = _tell(frame.f_locals[receiver])
        record["threw" if threw else "gave"] = _tell(known["error"] if threw else arg)
        record["end"] = known["end"] if threw else frame.f_lineno
        known["error"] = None
        _put(record)
    return _local


def _call(frame, event, arg):
    global _calls
    if event != "call":
        return None
    code = frame.f_code
    path = _path(code)
    # Only functions have fast locals; a module's own code is none.
    if path is None or path in _skip or not code.co_flags & 1 or code.co_name in _comprehensions:
        return None
    times = _counts.get(id(code), (0, code))[0] + 1
    # The code is kept, so that no other takes its place.
    _counts[id(code)] = (times, code)
    if times > _given["perFunction"] or (times > 1 and _calls > _given["calls"]):
        return None
    _calls += 1
    arguments, receiver = _arguments(frame)
    outer, depth = _outer(frame.f_back)
    name = getattr(code, "co_qualname", code.co_name).replace("<locals>.", "")
    record = {"name": name, "path": path, "line": code.co_firstlineno, "args": arguments, "depth": depth}
    if outer is not None:
        record["from"] = outer
    _open_calls[id(frame)] = {"record": record, "receiver": receiver, "error": None, "end": 0}
    frame.f_trace_lines = False
    return _local


def _chain():
    """The sitecustomize that stands behind ours."""
    import importlib.machinery
    import importlib.util

    rest = [path for path in sys.path if os.path.abspath(path or ".") != _here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
    if spec and spec.loader:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


try:
    _chain()
except Exception:
    pass
threading.settrace(_call)
sys.settrace(_call)
