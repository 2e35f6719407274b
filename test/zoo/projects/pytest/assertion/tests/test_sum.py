def test_adds():
    assert 1 + 1 == 3


def test_holds():
    pass
