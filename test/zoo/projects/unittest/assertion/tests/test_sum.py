import unittest


class TestSum(unittest.TestCase):
    def test_adds(self):
        self.assertEqual(1 + 1, 3)

    def test_holds(self):
        pass
