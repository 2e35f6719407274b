import os
import signal
import unittest


class TestCrash(unittest.TestCase):
    def test_kills_its_process(self):
        os.kill(os.getpid(), signal.SIGKILL)
