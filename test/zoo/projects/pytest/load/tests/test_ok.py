def test_holds():
    pass
