//! Small trees that somebody has made up: what must be found in them is, and nothing else.

use super::source::{Import, Source};
use super::{circles, names_of_the_system};

fn source(files: &[(&str, &str)]) -> Source {
    let files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    Source::parse(&files.collect::<Vec<_>>())
}

fn imports(files: &[(&str, &str)]) -> Vec<String> {
    let told = |import: Import| format!("{}:{} {}", import.from, import.line, import.to);
    source(files).imports().into_iter().map(told).collect()
}

const LIB: (&str, &str) = ("lib.rs", "mod a; mod b;");

#[test]
fn an_import_is_seen_however_it_is_written() {
    for line in [
        "use crate::b::B;",
        "use crate::{b::B};",
        "use crate::b::{B as Other};",
        "use crate::b::*;",
        "use super::b::B;",
        "use crate::b; fn f() { b::f(); }",
        "use crate::b as other; fn f() -> other::B { loop {} }",
        "fn f(_: crate::b::B) {}",
        "fn f() { use crate::b::B; }",
        "fn f() { assert!(crate::b::f()); }",
        "use crate::b; fn f() { assert!(1 == b::f()); }",
        "mod inner { use super::super::b::B; }",
        "mod inner { use crate::b::B; }",
        "impl crate::b::B for u8 {}",
        "macro_rules! m { () => { crate::b::B } }",
    ] {
        let found = imports(&[LIB, ("a.rs", line), ("b.rs", "pub struct B;")]);
        assert_eq!(found, ["a.rs:1 b.rs"], "{line}");
    }
}

#[test]
fn what_is_no_import_is_not_taken_for_one() {
    for line in [
        "// use crate::b::B;",
        "/// [`crate::b::B`]\nstruct A;",
        "#[cfg(test)] use crate::b::B;",
        "#[cfg(test)] mod tests { use crate::b::B; }",
        "use std::b::B;",
        "use ::b::B;",
        "pub(in crate::b) struct A;",
        "fn f() { self::g(); } fn g() {}",
        "macro_rules! m { () => { $crate::b::B } }",
        "use crate::b;",
    ] {
        let found = imports(&[LIB, ("a.rs", line), ("b.rs", "pub struct B;")]);
        assert!(found.is_empty(), "{line}: {found:?}");
    }
}

#[test]
fn an_import_is_from_the_deepest_file_that_it_names() {
    let found = imports(&[
        ("lib.rs", "mod a; mod b; pub use b::deep::D;"),
        (
            "a.rs",
            "use crate::b::deep::D;\nuse crate::b::E;\nuse crate::D as F;",
        ),
        ("b/mod.rs", "pub mod deep;\npub use deep::D as E;"),
        ("b/deep.rs", "pub struct D;"),
    ]);
    let expected = [
        "a.rs:1 b/deep.rs",
        "a.rs:2 b/mod.rs",
        "a.rs:3 lib.rs",
        "b/mod.rs:2 b/deep.rs",
        "lib.rs:1 b/deep.rs",
    ];
    assert_eq!(found, expected);
}

#[test]
fn an_exported_macro_is_where_it_is_made() {
    let made = "#[macro_export] macro_rules! m { () => {} }";
    let found = imports(&[LIB, ("a.rs", "crate::m!();"), ("b.rs", made)]);
    assert_eq!(found, ["a.rs:1 b.rs"]);
}

#[test]
fn what_only_tests_and_models_have_is_left_out() {
    let found = imports(&[
        ("lib.rs", "mod a; #[cfg(test)] mod b; mod models;"),
        ("a.rs", ""),
        ("b.rs", "use crate::a::A;"),
        ("models/mod.rs", "use crate::a::A;"),
    ]);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_circle_is_told_as_a_way_from_file_to_file() {
    let imports = source(&[
        ("lib.rs", "mod a; mod b;"),
        ("a/mod.rs", "mod x; mod y;"),
        ("a/x.rs", "use crate::b::z::Z;"),
        ("a/y.rs", "pub struct Y;"),
        ("b/mod.rs", "pub mod z;"),
        ("b/z.rs", "\nuse crate::a::y::Y;"),
    ])
    .imports();
    assert!(circles::of_files(&imports).is_empty());
    assert_eq!(
        circles::of_folders(&imports),
        ["a -> b -> a\
          \n    a/x.rs:1 takes something from b/z.rs\
          \n    b/z.rs:2 takes something from a/y.rs"]
    );
}

#[test]
fn a_child_that_imports_through_its_own_folder_is_a_circle() {
    let files = |child| {
        source(&[
            ("lib.rs", "mod a;"),
            ("a/mod.rs", "mod x;\nmod y;\npub use x::X;\npub use y::Y;"),
            ("a/x.rs", "pub struct X;"),
            ("a/y.rs", child),
        ])
        .imports()
    };
    let circles = circles::of_files(&files("use super::X;"));
    assert_eq!(
        circles,
        ["a/mod.rs -> a/y.rs -> a/mod.rs\
          \n    a/mod.rs:4 takes something from a/y.rs\
          \n    a/y.rs:1 takes something from a/mod.rs"]
    );
    assert!(circles::of_files(&files("use super::x::X;")).is_empty());
}

#[test]
fn circles_that_have_nothing_in_common_are_told_one_by_one() {
    let imports = source(&[
        ("lib.rs", "mod a; mod b; mod c; mod d; mod e;"),
        ("a.rs", "use crate::b::B;"),
        ("b.rs", "use crate::c::C;"),
        ("c.rs", "use crate::a::A; use crate::d::D;"),
        ("d.rs", "use crate::e::E;"),
        ("e.rs", "use crate::d::D;"),
    ])
    .imports();
    let found = circles::of_files(&imports);
    let heads: Vec<_> = found
        .iter()
        .filter_map(|text| text.lines().next())
        .collect();
    assert_eq!(
        heads,
        ["a.rs -> b.rs -> c.rs -> a.rs", "d.rs -> e.rs -> d.rs"]
    );
}

#[test]
fn names_of_the_system_are_found_in_code_alone() {
    let found = names_of_the_system(&source(&[
        ("lib.rs", "mod a; mod b; mod sys;"),
        (
            "a.rs",
            "use std::os::fd::X;\nuse std::{fs, os};\nfn f() { libc::fork(); m!(rustix::x); }\nconst P: &str = \"/proc/self\";",
        ),
        (
            "b.rs",
            "//! Errno of `/proc`\n/// libc::fork\n#[doc = \"OwnedFd\"]\nstruct B; // RawFd",
        ),
        ("sys/mod.rs", "use libc::fork;"),
    ]));
    let expected = "a.rs\n    line 1: std::os\n    line 2: std::os\n    line 3: libc\n    line 3: rustix\n    line 4: /proc";
    assert_eq!(found, [expected]);
}
