"""Loaded into every Python process of a run before any other code. At the end of the process it writes what each function of the assertion
library, of the runner, of the builtins and of the repository is: its module, name, place and code. Compared with the run without the patch,
it tells what was replaced, whatever way. What files of the repository ask of their surroundings is written while they ask, so that no
spelling hides it. "end" tells that the process ended as processes do."""
import atexit
import os
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "seen", "%d.lines" % os.getpid())
ROOT = os.getcwd() + os.sep
MOST = 4000


def _put(text, _open=os.open, _write=os.write, _close=os.close, _flags=os.O_APPEND | os.O_CREAT | os.O_WRONLY):
    try:
        handle = _open(OUT, _flags, 0o600)
        _write(handle, text.encode("utf-8", "surrogateescape"))
        _close(handle)
    except Exception:
        pass


def _chain():
    """The sitecustomize that stands behind ours."""
    import importlib.machinery
    import importlib.util

    rest = [path for path in sys.path if os.path.abspath(path or ".") != HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
    if spec and spec.loader:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


WATCHED = ("builtins", "operator", "unittest", "unittest.case", "unittest.result", "unittest.runner", "unittest.loader", "unittest.suite", "ast", "doctest",
           "pytest", "_pytest.runner", "_pytest.python", "_pytest.python_api", "_pytest.raises", "_pytest.outcomes", "_pytest.main", "_pytest.unittest", "_pytest.reports",
           "_pytest.assertion", "_pytest.assertion.rewrite", "_pytest.assertion.util", "_pytest.skipping", "_pytest.fixtures", "_pytest.nodes",
           "pluggy", "pluggy._callers", "pluggy._hooks", "pluggy._manager", "math", "json", "json.decoder", "inspect", "traceback")


def _sign(value, _crc=zlib.crc32):
    code = getattr(getattr(value, "__func__", value), "__code__", None)
    where = "%s:%s:%x" % (os.path.basename(code.co_filename), code.co_firstlineno, _crc(code.co_code)) if code is not None else type(value).__name__
    return "%s.%s %s" % (getattr(value, "__module__", ""), getattr(value, "__qualname__", ""), where)


def _inside(path):
    if not isinstance(path, str) or not path.startswith(ROOT):
        return None
    at = path[len(ROOT):]
    return None if "site-packages" + os.sep in at or "node_modules" + os.sep in at or at.startswith("." + os.sep) else at.replace(os.sep, "/")


def _of(module, name, lines):
    for key, value in list(vars(module).items()):
        if callable(value):
            lines.append("%s.%s = %s" % (name, key, _sign(value)))
        if isinstance(value, type) and getattr(value, "__module__", None) == module.__name__:
            for inner, one in list(vars(value).items()):
                one = getattr(one, "__func__", one)
                if callable(one):
                    lines.append("%s.%s.%s = %s" % (name, key, inner, _sign(one)))


def _table():
    lines = []
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if name in WATCHED:
            _of(module, name, lines)
        elif isinstance(path, str) and os.path.basename(os.path.dirname(path)).startswith("run-"):
            _of(module, "the reporter", lines)
        elif _inside(path) and name != "__main__":
            own = []
            _of(module, "", own)
            for line in own:
                key = line[1:].split(" = ")[0]
                value = vars(module).get(key)
                home = getattr(value, "__module__", None)
                if value is None or home == name:
                    lines.append("own\t%s\t%s" % (_inside(path), line[1:]))
                elif isinstance(home, str):
                    # What was imported may be another function now; it is still the one that its module offers under this name.
                    bound = vars(sys.modules.get(home, module)).get(key) is value
                    lines.append("own\t%s\t%s = %s" % (_inside(path), key, "imported" if bound else "loose"))
    return lines


def _plugins():
    """Names of what is registered with pytest; objects without a name by what they are."""
    import gc

    lines = []
    for one in gc.get_objects():
        if type(one).__name__ == "PytestPluginManager":
            for name, plugin in one.list_name_plugin():
                kind = plugin if isinstance(plugin, type) else type(plugin)
                lines.append("plugin %s.%s %s = 1" % (kind.__module__, kind.__qualname__, "" if name.isdigit() else os.path.basename(name)))
    return lines


EVENTS = {"sys._getframe": "caller", "sys._current_frames": "caller", "gc.get_objects": "objects", "gc.get_referrers": "objects",
          "gc.get_referents": "objects", "sys.settrace": "trace", "sys.setprofile": "trace", "object.__setattr__": "code",
          "subprocess.Popen": "program", "os.system": "program", "os.posix_spawn": "program", "os.exec": "program"}
_said = set()
_asked = [0]
_busy = []


def _ask(kind, what, frame, deep=12):
    """One line for each question of each file. Calls that Python makes by itself are nobody's."""
    _asked[0] += 1
    if _asked[0] > MOST * 10 or len(_said) > MOST:
        return
    while frame is not None and deep > 0:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib") or name.endswith(("traceback.py", "warnings.py", os.sep + "inspect.py", "rewrite.py")):
            return
        by = _inside(name)
        if by:
            key = "asks\t%s\t%s\t%s" % (kind, what, by)
            if key not in _said:
                _said.add(key)
                _put(key + "\n")
            return
        deep -= 1
        frame = frame.f_back


def _audit(event, given):
    if event != "open" and event not in EVENTS or _busy:
        return
    # To look for who asks is such a question itself.
    _busy.append(event)
    try:
        _tell(event, given, sys._getframe(1))
    except Exception:
        # Python itself opens files as well, and then nobody stands above.
        pass
    finally:
        _busy.pop()


def _tell(event, given, asking):
    kind = EVENTS.get(event)
    if kind is not None:
        # Libraries look at frames all the time: only who asks for itself is told.
        if kind == "code":
            if len(given) < 2 or given[1] != "__code__":
                return
        if kind != "program" and not _inside(asking.f_code.co_filename):
            return
        _ask(kind, event, asking)
    elif event == "open" and given and isinstance(given[0], (str, bytes)):
        path = os.fsdecode(given[0])
        if path.startswith("/proc/"):
            _ask("place", "/proc", asking)
            return
        full = path if os.path.isabs(path) else ROOT + path
        at = _inside(full)
        if at and not at.startswith("../"):
            _ask("file", at, asking)


def _environ():
    """The environment as before, but it tells who asks for what."""
    kind = type(os.environ)
    get, has, walk = kind.__getitem__, getattr(kind, "__contains__", None), kind.__iter__

    def told(name, frame):
        if isinstance(name, str):
            _ask("variable", name, frame, 4)

    def getitem(self, key):
        told(key, sys._getframe(1))
        return get(self, key)

    def contains(self, key):
        told(key, sys._getframe(1))
        try:
            get(self, key)
        except KeyError:
            return False
        return True

    def iterate(self):
        told("*", sys._getframe(1))
        return walk(self)

    kind.__getitem__, kind.__contains__, kind.__iter__ = getitem, contains, iterate




def _arguments(name):
    """sys.argv as before, but it tells who asks for it."""
    def telling(method):
        def told(self, *given):
            _ask("process", name, sys._getframe(1), 4)
            return method(self, *given)
        return told

    methods = {key: telling(getattr(list, key)) for key in ("__getitem__", "__iter__", "__len__", "__contains__", "__repr__", "__eq__")}
    setattr(sys, name, type("list", (list,), methods)(getattr(sys, name)))


def _watch():
    _put("begin\n")

    def over():
        try:
            _put("\n".join(_table() + _plugins() + ["end"]) + "\n")
        except Exception:
            pass

    atexit.register(over)
    try:
        _environ()
        sys.addaudithook(_audit)
        for name in ("argv", "orig_argv"):
            if hasattr(sys, name):
                _arguments(name)
    except Exception:
        pass


_watch()
try:
    _chain()
except Exception:
    pass
