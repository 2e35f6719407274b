import unittest

VALUE = unittest.TestCase
