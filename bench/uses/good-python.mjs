// Honest tests of a small module for pytest, each in a style that people write.
const kit = `import asyncio
import csv
import os
import sys


def slug(text):
    return "-".join(text.lower().split())


def clamp(value, low, high):
    if low > high:
        raise ValueError("low > high")
    return max(low, min(value, high))


def save(path, rows):
    with open(path, "w", newline="") as out:
        csv.writer(out).writerows(rows)
    return len(rows)


def home():
    return os.environ.get("KIT_HOME", "/home") + "/kit"


def report(name, out=None):
    print(f"hello {name}", file=out or sys.stdout)


async def fetch_all(fetch, urls):
    results = await asyncio.gather(*(fetch(url) for url in urls), return_exceptions=True)
    return [one for one in results if not isinstance(one, Exception)]


class Account:
    def __init__(self, balance=0):
        self.balance = balance

    def draw(self, amount):
        if amount > self.balance:
            raise ValueError("not enough")
        self.balance -= amount
        return self.balance


def depth(tree):
    return 1 + max((depth(one) for one in tree), default=0)


def total(prices, rate):
    return round(sum(prices) * (1 + rate(len(prices))), 2)


def chunks(items, size):
    for start in range(0, len(items), size):
        yield items[start : start + size]


if __name__ == "__main__":
    print(slug(sys.argv[1]))
    sys.exit(3 if sys.argv[1] == "bad" else 0)
`;
const from = (names, more = '') => `${more}import pytest\n\nfrom kit import ${names}\n\n\n`;

export const python = {
  target: 'kit.py',
  path: (number) => `tests/test_new_${number}.py`,
  files: {
    'pyproject.toml': '[project]\nname = "kit"\nversion = "1"\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
    'conftest.py': '',
    'kit.py': kit,
    'tests/test_kit.py': 'from kit import slug\n\n\ndef test_slug():\n    assert slug("A b") == "a-b"\n',
  },
  tests: {
    parametrised: `${from('clamp')}@pytest.mark.parametrize("value, expected", [(-5, 0), (0, 0), (3, 3), (10, 10), (99, 10)], ids=str)
def test_clamp(value, expected):
    assert clamp(value, 0, 10) == expected


@pytest.mark.parametrize("low", [2, 3])
def test_clamp_refuses(low):
    with pytest.raises(ValueError, match="low > high"):
        clamp(1, low, 1)`,
    async: `${from('fetch_all', 'import asyncio\n\n')}def test_fetch_all_leaves_out_what_failed():
    async def fetch(url):
        await asyncio.sleep(0)
        if url == "b":
            raise OSError(url)
        return url.upper()

    assert asyncio.run(fetch_all(fetch, ["a", "b", "c"])) == ["A", "C"]`,
    'tmp folder': `${from('save')}def test_save(tmp_path):
    path = tmp_path / "a.csv"
    assert save(path, [[1, 2], [3, 4]]) == 2
    assert path.read_text() == "1,2\\n3,4\\n"`,
    mocks: `${from('total', 'from unittest import mock\n\n')}def test_total_asks_for_the_rate():
    rate = mock.Mock(return_value=0.5)
    assert total([1, 3], rate) == 6.0
    rate.assert_called_once_with(2)


def test_home_from_environment(monkeypatch):
    import kit

    monkeypatch.setenv("KIT_HOME", "/x")
    assert kit.home() == "/x/kit"
    monkeypatch.delenv("KIT_HOME")
    assert kit.home() == "/home/kit"`,
    fixtures: `${from('Account')}@pytest.fixture
def account():
    made = Account(10)
    yield made
    assert made.balance >= 0


@pytest.fixture(params=[1, 10])
def amount(request):
    return request.param


def test_draw(account, amount):
    assert account.draw(amount) == 10 - amount


def test_draw_too_much(account):
    with pytest.raises(ValueError) as caught:
        account.draw(11)
    assert str(caught.value) == "not enough"
    assert account.balance == 10`,
    recursion: `${from('depth')}def test_circle():
    tree = []
    tree.append(tree)
    with pytest.raises(RecursionError):
        depth(tree)


def test_depth():
    assert depth([[], [[]]]) == 3`,
    'child process': `${from('slug', 'import pathlib\nimport subprocess\nimport sys\n\n')}PROGRAM = pathlib.Path(__file__).parent.parent / "kit.py"


def test_program():
    done = subprocess.run([sys.executable, str(PROGRAM), "A b"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "a-b\\n")


def test_program_says_bad():
    assert subprocess.run([sys.executable, str(PROGRAM), "bad"], capture_output=True).returncode == 3


def test_slug_of_nothing():
    assert slug("  ") == ""`,
    'inline snapshot': `${from('report', 'import io\n\n')}def test_report(capsys):
    report("you")
    assert capsys.readouterr().out == """\\
hello you
"""


def test_report_elsewhere():
    out = io.StringIO()
    report("me", out)
    assert out.getvalue() == "hello me\\n"`,
    subtests: `import unittest

from kit import chunks


class TestChunks(unittest.TestCase):
    def setUp(self):
        self.items = list(range(5))

    def test_sizes(self):
        for size, expected in [(1, 5), (2, 3), (5, 1), (9, 1)]:
            with self.subTest(size=size):
                self.assertEqual(len(list(chunks(self.items, size))), expected)

    def test_rest(self):
        self.assertEqual(list(chunks(self.items, 2))[-1], [4])`,
    'class-based': `${from('Account')}class TestAccount:
    @pytest.fixture(autouse=True)
    def setup(self):
        self.account = Account(balance=5)

    def test_starts_empty(self):
        assert Account().balance == 0

    def test_draws(self):
        assert self.account.draw(2) == 3

    class TestErrors:
        def test_not_enough(self):
            with pytest.raises(ValueError, match="not enough"):
                Account(1).draw(2)`,
  },
};
