//! What the derive says about a mistake: one mistake a file, and a twin in `ui/pass` that compiles.
//!
//! After a change on purpose: `TRYBUILD=overwrite cargo test --test ui`, and review the difference.

use std::fs;

#[allow(dead_code, unreachable_pub)] // they are there to be compiled
#[path = "ui/pass/mod.rs"]
mod pass;

#[test]
fn each_mistake_gets_its_message() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

#[test]
fn each_mistake_has_a_twin_that_compiles() {
    for entry in fs::read_dir("tests/ui").expect("the mistakes") {
        let path = entry.expect("a mistake").path();
        if path.extension().is_some_and(|ext| ext == "rs") {
            let name = path.file_stem().expect("a file name");
            let found = pass::TWINS.iter().any(|(twin, _)| *twin == name);
            assert!(found, "{} has no twin", path.display());
        }
    }
}

#[test]
fn each_twin_runs() {
    for (name, main) in pass::TWINS {
        println!("{name}");
        main();
    }
}
