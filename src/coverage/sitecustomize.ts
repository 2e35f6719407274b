import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Suite } from '../schema/run.ts';

/**
 * Python loads a sitecustomize from PYTHONPATH whatever starts it, so that every runner and child process is measured. From 3.12 on by
 * sys.monitoring, which costs nothing after an event's first time; before, by a trace function, and who takes its place is told of.
 */
const head = `
import os, sys, threading

HERE = os.path.dirname(os.path.abspath(__file__))
PLACE = __PLACE__
OUT = os.path.join(__OUT__, "%d.lines" % os.getpid())
known = {}
seen = set()

def _put(text, _open=os.open, _write=os.write, _close=os.close, _flags=os.O_APPEND | os.O_CREAT | os.O_WRONLY):
    try:
        handle = _open(OUT, _flags, 0o600)
        _write(handle, text.encode("utf-8", "surrogateescape"))
        _close(handle)
    except Exception:
        pass

def _chain():
    """The sitecustomize that stands behind ours."""
    import importlib.machinery, importlib.util
    rest = [path for path in sys.path if os.path.abspath(path or ".") != HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
    if spec and spec.loader:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
`;
const tail = String.raw`
try:
    _chain()
except Exception:
    pass
try:
    _monitor() if hasattr(sys, "monitoring") else _trace()
except Exception:
    _put("lost\n")
`;

/**
 * A suite whose Python processes measure themselves by `body`, which defines `_monitor` and `_trace` and puts lines into `OUT`. `place` is
 * what it looks at, a real path.
 */
export function addSitecustomize(suite: Suite, { folder, place, body }: { folder: string; place: string; body: string }): Suite {
  const plugin = `${folder}-python`;
  mkdirSync(plugin, { recursive: true, mode: 0o700 });
  const filled = `${head}${body}${tail}`.replace('__PLACE__', () => JSON.stringify(place)).replace('__OUT__', () => JSON.stringify(folder));
  writeFileSync(join(plugin, 'sitecustomize.py'), filled);
  const paths = [plugin, ...(suite.env.PYTHONPATH === undefined ? [] : [suite.env.PYTHONPATH])];
  return { ...suite, env: { ...suite.env, PYTHONPATH: paths.join(delimiter) } };
}

/** Whoever took the trace function away saw the rest alone. */
export const isLost = (texts: readonly string[]) => texts.every((text) => /^lost$/m.test(text));
