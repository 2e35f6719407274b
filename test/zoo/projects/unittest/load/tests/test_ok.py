import unittest


class TestGroup(unittest.TestCase):
    def test_holds(self):
        pass
