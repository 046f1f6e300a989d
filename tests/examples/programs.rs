//! The examples as programs.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the example of this name, as this test was built, and returns where it lies. `cargo test` has
/// built it already; `cargo test --test NAME` has not.
pub(crate) fn example(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let target = target.parent().expect("the target folder");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--offline", "--example", name])
        .args(["--message-format=json", "--target-dir"])
        .arg(target);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let output = cargo.output().expect("cargo can be run");
    let [messages, errors] =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(
        output.status.success(),
        "the example does not build:\n{errors}"
    );
    let mut files = messages
        .split("\"executable\":\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let file = files.find(|file| file.ends_with(&format!("/{name}")));
    file.expect("cargo names the program").into()
}
