#[test]
fn never_ends() {
    loop {}
}
