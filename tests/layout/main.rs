//! The shape of the source: who may import whom, where the operating system may be named, and how long a file may be.
//!
//! `ARCHITECTURE.md` has the layers. A file imports from the file that has what it wants, or, from another folder, also
//! through that folder's `mod.rs`; never through the `mod.rs` of its own.

mod circles;
mod made_up;
mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenTree;
use quote::ToTokens;
use source::{Source, each_token};

const MOST_LINES: usize = 750;

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn library() -> Source {
    Source::read(&folder("shared-runtime/src"))
}

/// Fails if there is anything, and prints it.
#[track_caller]
fn none(what: &str, found: &[String]) {
    assert!(
        found.is_empty(),
        "{what}: {}\n\n{}\n",
        found.len(),
        found.join("\n\n")
    );
}

/// Or the others would see no fault in it.
#[test]
fn the_library_is_found() {
    let source = library();
    let imports = source.imports();
    println!("{} files, {} imports", source.files.len(), imports.len());
    assert!(source.files.contains_key("slot/mod.rs"));
    assert!(source.files.len() > 60 && imports.len() > 4 * source.files.len());
}

#[test]
fn there_is_no_circle_between_folders() {
    let found = circles::of_folders(&library().imports());
    none("circles between folders", &found);
}

#[test]
fn there_is_no_circle_between_files() {
    let found = circles::of_files(&library().imports());
    none("circles between files", &found);
}

#[test]
fn nothing_outside_of_sys_names_the_operating_system() {
    none(
        "names of the operating system",
        &names_of_the_system(&library()),
    );
}

#[test]
fn no_file_is_longer_than_one_reads() {
    let mut long = Vec::new();
    for crate_ in fs::read_dir(folder("")).expect("a folder").flatten() {
        let name = crate_.file_name().into_string().expect("UTF-8");
        if name.starts_with("shared-") || name == "src" {
            find_long(&crate_.path(), &mut long);
        }
    }
    none("files that are too long", &long);
}

/// A test of a binary without the standard harness that is not in its list would never run.
#[test]
fn every_test_that_needs_the_runner_is_in_its_list() {
    let mut lost = Vec::new();
    for place in ["tests/it", "tests/examples", "shared-cli/tests/it"] {
        for_each_file(&folder(place), &mut |path, text| {
            if text.lines().any(|line| line.trim() == "#[test]") {
                lost.push(format!(
                    "{} has `#[test]`: put it in `tests![…]`",
                    path.display()
                ));
            }
        });
    }
    none("tests that never run", &lost);
}

/// Where a file outside of `sys` names what only `sys` may. What stands in comments does not count.
fn names_of_the_system(source: &Source) -> Vec<String> {
    const NAMES: [&str; 11] = [
        "Errno",
        "OwnedFd",
        "BorrowedFd",
        "RawFd",
        "AsFd",
        "AsRawFd",
        "FromRawFd",
        "IntoRawFd",
        "libc",
        "rustix",
        "linux_raw_sys",
    ];
    let mut found = Vec::new();
    for (path, file) in &source.files {
        if path.starts_with("sys/") {
            continue;
        }
        let mut here = BTreeSet::new();
        let mut note = |line: usize, name: &str| _ = here.insert((line, name.to_owned()));
        each_token(file.to_token_stream(), &mut |tokens, at| {
            let line = tokens[at].span().start().line;
            match &tokens[at] {
                TokenTree::Ident(name) if NAMES.iter().any(|system| name == system) => {
                    note(line, &name.to_string());
                }
                TokenTree::Ident(name) if name == "std" && is_next(tokens, at, "os") => {
                    note(line, "std::os");
                }
                TokenTree::Literal(text) if text.to_string().contains("/proc") => {
                    note(line, "/proc");
                }
                _ => {}
            }
        });
        if !here.is_empty() {
            let lines = here
                .iter()
                .map(|(line, name)| format!("\n    line {line}: {name}"));
            found.push(format!("{path}{}", lines.collect::<String>()));
        }
    }
    found
}

/// Whether `::` and that name follow; or a group that begins with it.
fn is_next(tokens: &[TokenTree], at: usize, name: &str) -> bool {
    match tokens.get(at + 3) {
        Some(TokenTree::Ident(next)) => next == name,
        Some(TokenTree::Group(group)) => group
            .stream()
            .into_iter()
            .any(|token| matches!(token, TokenTree::Ident(next) if next == name)),
        _ => false,
    }
}

fn find_long(folder: &Path, long: &mut Vec<String>) {
    for_each_file(folder, &mut |path, text| {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            long.push(format!(
                "{} has {lines} lines of at most {MOST_LINES}",
                path.display()
            ));
        }
    });
}

fn for_each_file(folder: &Path, see: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") {
            for_each_file(&path, see);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            see(&path, &fs::read_to_string(&path).expect("it can be read"));
        }
    }
}
