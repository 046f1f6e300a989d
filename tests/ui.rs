//! What the derive says about a mistake: one mistake a file, and a twin in `ui/pass` that compiles.
//!
//! After a change on purpose: `TRYBUILD=overwrite cargo test --test ui`, and review the difference.

use std::fs;

#[test]
fn each_mistake_gets_its_message_and_its_twin_compiles() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    cases.pass("tests/ui/pass/*.rs");
}

#[test]
fn each_mistake_has_a_twin_that_compiles() {
    for entry in fs::read_dir("tests/ui").expect("the mistakes") {
        let path = entry.expect("a mistake").path();
        if path.extension().is_some_and(|ext| ext == "rs") {
            let name = path.file_name().expect("a file name");
            let twin = path.with_file_name("pass").join(name);
            assert!(twin.exists(), "{} has no twin", path.display());
        }
    }
}
