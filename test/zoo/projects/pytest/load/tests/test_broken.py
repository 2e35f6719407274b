import unittest

import missing_file_of_ours.inner


class TestNever(unittest.TestCase):
    def test_never_seen(self):
        pass
