import unittest


class TestGroup(unittest.TestCase):
    def test_adds(self):
        pass

    def test_nests(self):
        pass
