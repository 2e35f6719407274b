#[test]
fn kills_its_process() {
    std::process::abort();
}
