#[test]
fn holds() {}
#[test]
fn adds() {
    assert_eq!(1 + 1, 3);
}
