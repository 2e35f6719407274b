import unittest


class TestGröße(unittest.TestCase):
    def test_zählt(self):
        self.assertEqual("é", "è")
