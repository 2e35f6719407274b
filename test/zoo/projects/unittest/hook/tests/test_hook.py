import unittest
class TestGroup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise RuntimeError("no database")
    def test_one(self):
        pass
    def test_two(self):
        pass
class TestOther(unittest.TestCase):
    def test_holds(self):
        pass
