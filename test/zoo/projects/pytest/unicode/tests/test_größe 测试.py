import pytest


@pytest.mark.parametrize("value", ["zählt 數 🙂"])
def test_zählt(value):
    assert "é" == "è"
