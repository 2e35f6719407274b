import pytest


def test_holds():
    pass


@pytest.mark.skip
def test_waits():
    pass
