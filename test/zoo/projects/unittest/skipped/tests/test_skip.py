import unittest


class TestSkip(unittest.TestCase):
    def test_holds(self):
        pass

    @unittest.skip("waits")
    def test_waits(self):
        pass
