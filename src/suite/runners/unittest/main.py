"""
Stands in for `python -m unittest`: same arguments, its own result class; one line per test. `given.json` lies beside. With `--start` and
a module or a file that starts unittest by itself, that is run in our place, with our classes where unittest has its own.
"""
import inspect
import json
import os
import re
import runpy
import sys
import time
import traceback
import unittest

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "given.json"), encoding="utf-8") as _file:
    OUT = json.load(_file)["out"]
sys.path[0] = os.getcwd()
STARTED = sys.argv[2] if sys.argv[1:2] == ["--start"] else None
if STARTED is None:
    sys.argv[0] = "python -m unittest"

def _put(record):
    try:
        with open(OUT, "a", encoding="utf-8", errors="backslashreplace") as out:
            out.write(json.dumps(record) + "\n")
    except Exception:
        pass

def _cap(text, most=20000):
    return text if len(text) <= most else text[:most] + " [cut]"

def _place(test):
    case = getattr(test, "test_case", test)
    names = [type(case).__name__, getattr(case, "_testMethodName", str(case))]
    sub = getattr(test, "_subDescription", None)
    if test is not case and sub:
        names.append(sub())
    try:
        file = inspect.getsourcefile(type(case))
    except TypeError:
        file = None
    line = None
    try:
        line = getattr(type(case), names[1]).__code__.co_firstlineno
    except AttributeError:
        pass
    return {"file": file, "names": names, "line": line}

def _load(test, err):
    """A module that cannot be imported comes as a _FailedTest named after it."""
    case = getattr(test, "test_case", test)
    if type(case).__name__ not in ("_FailedTest", "ModuleImportFailure", "LoadTestsFailure"):
        return None
    module = case._testMethodName
    for base in [os.getcwd()] + sys.path:
        for ending in (".py", "/__init__.py"):
            path = os.path.join(base or ".", module.replace(".", os.sep) + ending)
            if os.path.exists(path):
                return {"file": path, "names": [], "whole": True}
    return {"file": None, "names": [module], "kind": "load"}

def _error(err):
    kind, value, trace = err
    frames = []
    seen = value
    while seen is not None:
        mine = traceback.extract_tb(seen.__traceback__)
        frames += [{"file": f.filename, "line": f.lineno, "name": f.name} for f in reversed(mine) if os.sep + "unittest" + os.sep not in f.filename]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    message = "".join(traceback.format_exception_only(kind, value)).strip()
    return {"name": kind.__name__, "message": _cap(message), "stack": _cap("".join(traceback.format_exception(kind, value, trace)))}, frames

_tests = []


def _walk(suite):
    """Every test, before the run takes them out of their suites."""
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            _walk(one)
        else:
            _tests.append(one)


def _hook(description):
    """A hook of a class or module comes under its description: `setUpClass (tests.test_cart.TestCart)`."""
    match = re.match(r"^(?:set[Uu]p|tear[Dd]own)(?:Class|Module) \((.+)\)$", description)
    owner = match.group(1) if match else None
    places = [_place(test) for test in _tests if owner in (type(test).__module__, unittest.util.strclass(type(test)))]
    return {"file": places[0]["file"] if places else None, "names": [description], "below": [place["names"] for place in places]}


class Result(unittest.TextTestResult):
    def startTestRun(self):
        super().startTestRun()

    def startTest(self, test):
        super().startTest(test)
        self._began = time.time()
        self._failed = False
        _put(dict(_place(test), type="start"))

    def _record(self, test, status, err=None):
        record = (_load(test, err) if err else None) or _place(test)
        record.update(type="test", status=status)
        began = getattr(self, "_began", None)
        if began is not None:
            record["ms"] = (time.time() - began) * 1000
        if err:
            error, frames = _error(err)
            record["errors"], record["frames"] = [error], frames
            if record.get("whole"):
                record["errors"][0]["message"] = error["message"].split("\n")[-1] if "Traceback" in error["message"] else error["message"]
        _put(record)

    def addSuccess(self, test):
        super().addSuccess(test)
        if not self._failed:
            self._record(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._record(test, "failed", err)

    def addError(self, test, err):
        super().addError(test, err)
        if type(test).__name__ == "_ErrorHolder":
            error, frames = _error(err)
            _put(dict(_hook(test.description), type="test", status="failed", errors=[error], frames=frames))
        else:
            self._record(test, "failed", err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._failed = True
            self._record(subtest, "failed", err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._record(test, "skipped")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._record(test, "passed")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        _put(dict(_place(test), type="test", status="failed", errors=[{"message": "unexpected success: the test passed though it was expected to fail"}]))

class Runner(unittest.TextTestRunner):
    resultclass = Result

    def run(self, test):
        _walk(test)
        return super().run(test)

def _start(name):
    """Runs a module, or a file, as `python -m` and `python` do. What it ends with is what we end with."""
    unittest.TextTestRunner = unittest.runner.TextTestRunner = Runner
    # Its own module goes on using its own: Result is derived from that.
    unittest.TextTestResult = Result
    sys.argv[:] = [name] + sys.argv[3:]
    try:
        if name.endswith(".py"):
            sys.path[0] = os.path.dirname(os.path.abspath(name))
            runpy.run_path(name, run_name="__main__")
        else:
            runpy.run_module(name, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    return 0


_put({"type": "begin"})
if STARTED is not None:
    code = _start(STARTED)
    _put({"type": "end"})
    sys.exit(code)
program = unittest.main(module=None, testRunner=Runner, exit=False, argv=sys.argv)
_put({"type": "end"})
sys.exit(not program.result.wasSuccessful())
