#[test]
fn zählt() {
    assert_eq!("é", "è");
}
