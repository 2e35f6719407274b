def test_adds():
    pass


class TestGroup:
    def test_nests(self):
        pass
