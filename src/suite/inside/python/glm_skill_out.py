"""What is given (`given.json`: `place` is looked at, `out` takes what is seen) and one file of lines for each process."""
import json
import os

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "given.json"), encoding="utf-8") as _file:
    given = json.load(_file)
place = given["place"]
_out = os.path.join(given["out"], "%d.lines")


def put(text, _open=os.open, _write=os.write, _close=os.close, _pid=os.getpid, _flags=os.O_APPEND | os.O_CREAT | os.O_WRONLY):
    """By functions that were taken before a test could replace them."""
    try:
        handle = _open(_out % _pid(), _flags, 0o600)
        _write(handle, text.encode("utf-8", "surrogateescape"))
        _close(handle)
    except Exception:
        pass
