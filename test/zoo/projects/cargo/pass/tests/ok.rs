#[test]
fn holds() {}
#[test]
fn holds_too() {}
