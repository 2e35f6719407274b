"""Plugin for pytest 3 and later, loaded with `-p`; one line per test, with frames from the traceback itself. `given.json` lies beside."""
import json
import os
import random
import re
import sys

import pytest

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "given.json"), encoding="utf-8") as _file:
    _given = json.load(_file)
OUT = _given["out"]
_seen = {}
_crashed = set()

def _put(record):
    try:
        with open(OUT, "a", encoding="utf-8", errors="backslashreplace") as out:
            out.write(json.dumps(record) + "\n")
    except Exception:
        pass

def _cap(text, most=20000):
    return text if len(text) <= most else text[:most] + " [cut]"

def _names(nodeid):
    parts = nodeid.split("[", 1)
    names = parts[0].split("::")[1:] or ["<file>"]
    if len(parts) > 1:
        names[-1] += "[" + parts[1]
    return names

def _file(config, nodeid):
    path = nodeid.split("::")[0].split("[", 1)[0]
    root = getattr(config, "rootpath", None) or getattr(config, "rootdir", None) or os.getcwd()
    return os.path.join(str(root), path)

def _show(value):
    try:
        return value if isinstance(value, str) else _cap(repr(value))
    except Exception:
        return "[unprintable]"

def _error(excinfo, report):
    error = {"message": "", "stack": ""}
    frames = []
    if excinfo is not None:
        error["name"] = excinfo.typename if hasattr(excinfo, "typename") else type(excinfo.value).__name__
        error["message"] = _cap(excinfo.exconly())
        for entry in excinfo.traceback:
            frames.append({"file": str(entry.path), "line": entry.lineno + 1, "name": entry.name})
        frames.reverse()
    text = report.longreprtext if hasattr(report, "longreprtext") else str(report.longrepr)
    # pytest-xdist puts the worker's name above each text.
    text = re.sub(r"\A\[gw\d+\] .*\n+", "", text)
    if re.match(r"\[XPASS\(strict\)\]|Unexpected success", text):
        text = "It was expected to fail and passed: " + text
    if not error["message"]:
        error["message"] = _cap(text)
    error["stack"] = _cap(text)
    said = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
    if said:
        error["message"] = _cap("\n".join(said))
    match = re.match(r"^(?:AssertionError: )?assert (.+) == (.+)$", said[0]) if said else None
    if match:
        error["actual"], error["expected"] = match.group(1), match.group(2)
    return error, frames

def pytest_addoption(parser):
    parser.addoption("--run-results-seed", type=int, default=None, help="run the tests of each file in an order that this number decides")

@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    seed = config.getoption("--run-results-seed", None)
    if seed is None:
        return
    shuffled = {}
    for item in items:
        shuffled.setdefault(item.nodeid.split("::")[0], []).append(item)
    for same in shuffled.values():
        random.Random(seed).shuffle(same)
    items[:] = [item for same in shuffled.values() for item in same]

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        report._told = _error(call.excinfo, report)

def pytest_runtest_logstart(nodeid, location):
    _put({"type": "start", "file": location[0], "names": _names(nodeid)})

def _status(report):
    if hasattr(report, "wasxfail"):
        return "skipped" if report.skipped else ("failed" if report.failed else "passed")
    return report.outcome

def pytest_runtest_logreport(report):
    config = _config[0]
    fresh = {"status": None, "ms": 0, "errors": [], "frames": None, "output": ""}
    state = _seen.setdefault(report.nodeid, fresh)
    state["ms"] += report.duration * 1000
    status = _status(report)
    if status == "rerun":
        # pytest-rerunfailures and its kin: the attempt does not count, what it said does.
        error, _ = getattr(report, "_told", None) or _error(None, report)
        _seen[report.nodeid] = dict(fresh, ms=state["ms"], flaky=state.get("flaky") or error["message"])
        return
    if report.when not in ("setup", "call", "teardown"):
        # A worker of pytest-xdist died, and says so in place of its test; the next worker may be given the same test and die as well.
        if report.nodeid in _crashed:
            return
        _crashed.add(report.nodeid)
        error, _ = _error(None, report)
        _put({"type": "test", "file": _file(config, report.nodeid), "names": _names(report.nodeid), "status": "failed", "kind": "crash", "errors": [error]})
        _put({"type": "over", "file": report.nodeid.split("::")[0], "names": _names(report.nodeid)})
        _seen.pop(report.nodeid, None)
        return
    if status == "failed":
        error, frames = getattr(report, "_told", None) or _error(None, report)
        if report.when != "call":
            error["message"] = "in " + report.when + ": " + error["message"]
        state["errors"].append(error)
        state["frames"] = state["frames"] or frames
        state["status"] = "failed"
        state["output"] = "\n".join(text for name, text in report.sections if "Captured" in name)[-8000:]
    elif state["status"] is None and (report.when == "call" or status == "skipped"):
        state["status"] = status
    if report.when == "teardown":
        record = {"type": "test", "file": _file(config, report.nodeid), "names": _names(report.nodeid), "status": state["status"] or "passed",
                  "flaky": state.get("flaky") if state["status"] in (None, "passed") else None, "ms": state["ms"], "errors": state["errors"], "frames": state["frames"], "output": state["output"]}
        if report.location[1] is not None and report.nodeid.startswith(report.location[0].replace(os.sep, "/")):
            record["line"] = report.location[1] + 1
        _put(record)
        _put({"type": "over", "file": report.location[0], "names": _names(report.nodeid)})
        _seen.pop(report.nodeid, None)

def pytest_collectreport(report):
    if report.failed:
        error, frames = _error(None, report)
        _put({"type": "test", "file": _file(_config[0], report.nodeid), "names": [], "whole": True, "status": "failed", "errors": [error]})

def pytest_internalerror(excrepr, excinfo):
    _put({"type": "error", "errors": [{"name": "InternalError", "message": _cap(excinfo.exconly()), "stack": _cap(str(excrepr))}]})

_config = [None]

@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    if hasattr(config, "workerinput"):
        config.pluginmanager.unregister(sys.modules[__name__])
        return
    _config[0] = config
    if _given["argv"] is not None:
        sys.argv[1:] = _given["argv"]
    # Benchmarks are stored beside our report, not in the user's folder; a coverage limit is no test.
    if hasattr(config.option, "benchmark_storage"):
        config.option.benchmark_storage = "file://" + os.path.join(os.path.dirname(OUT), "benchmarks")
    if getattr(config.option, "cov_fail_under", None) is not None:
        config.option.cov_fail_under = None
    _put({"type": "begin"})

@pytest.hookimpl(hookwrapper=True)
def pytest_runtestloop(session):
    yield
    # Some plugins bring in as much afterwards as all tests did, which need not be traced.
    measure = sys.modules.get("glm_skill_lines")
    if measure is not None:
        measure.stop()

@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    if _config[0] is not None:
        crew = session.config.pluginmanager.getplugin("dsession")
        why = getattr(session, "shouldstop", False) or getattr(session, "shouldfail", False) or getattr(crew, "shouldstop", False) or getattr(crew, "_summary_report", None)
        if why:
            _put({"type": "stopped", "why": str(why)})
        _put({"type": "end", "exit": int(exitstatus)})
