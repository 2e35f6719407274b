use missing_file::nothing;
#[test]
fn never_seen() {}
