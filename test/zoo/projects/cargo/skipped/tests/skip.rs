#[test]
fn holds() {}
#[test]
#[ignore]
fn waits() {}
