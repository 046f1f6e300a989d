//! A field access through a handle compiles to what the `std` atomic beneath compiles to.
//!
//! `assembly/pairs.rs` has pairs of functions, one through a handle and one by hand. They are compiled here,
//! optimised, and their instructions compared. If a handle cost anything, this would print both functions.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Instructions by function.
type Functions = BTreeMap<String, Vec<String>>;

#[test]
fn a_field_access_compiles_to_the_instructions_of_a_std_atomic() {
    let functions = compile();
    let mut compared = 0;
    for (name, ours) in &functions {
        let Some(what) = name.strip_prefix("ours_") else {
            continue;
        };
        let raw = &functions[&format!("raw_{what}")];
        if what.starts_with("differs") {
            assert!(
                ours != raw,
                "{what}: two functions that differ look alike to this test"
            );
            continue;
        }
        if what.starts_with("try_") {
            // The error is made out of line; where the compiler puts that is its affair.
            #[cfg(target_arch = "x86_64")]
            assert_eq!(
                hot_loop(ours),
                ["movzbl", "cmpb", "jae", "movb", "decq", "jne"],
                "{what}: a load, a comparison and the loop"
            );
            continue;
        }
        let same = if what.starts_with("watched_") {
            hot_loop(ours) == hot_loop(raw)
        } else {
            ours == raw
        };
        let (ours, raw) = (ours.join("\n    "), raw.join("\n    "));
        assert!(
            same,
            "{what}, through a handle:\n    {ours}\nby hand:\n    {raw}"
        );
        compared += 1;
    }
    assert!(compared >= 30, "only {compared} pairs were found");
    #[cfg(target_arch = "x86_64")]
    for (what, instruction) in [
        ("get_u64", "movq (%r"),
        ("set_u64", "movq %r"),
        ("replace_u64", "xchgq "),
        ("add_u64", "lock xaddq "),
        ("or_u64", "lock orq "),
        ("exchange_u64", "lock cmpxchgq "),
        ("update_f64", "lock cmpxchgq "),
        ("get_bool", "movzbl "),
        ("add_nested", "lock xaddq "),
        ("get_watched", "movq "),
        ("watched_set", "xchgq "),
        ("watched_add", "lock xaddq "),
        ("watched_add", "testb $1, "),
        ("watched_count", "lock incq "),
    ] {
        let ours = &functions[&format!("ours_{what}")];
        let found = ours.iter().any(|line| line.starts_with(instruction));
        assert!(
            found,
            "{what} has no `{instruction}`:\n    {}",
            ours.join("\n    ")
        );
    }
}

/// Compiles the library as its users do, and the pairs against it.
fn compile() -> Functions {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Not the target folder of the `cargo test` that runs this, whose flags may be others.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("assembly");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(root)
        .env_remove("CARGO_BUILD_TARGET")
        .env_remove("RUSTFLAGS");
    cargo
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .args(["build", "--package", "shmstate", "--lib"]);
    cargo
        .args(["--release", "--offline", "--target-dir"])
        .arg(&target);
    run(&mut cargo);

    let (release, assembly) = (target.join("release"), target.join("pairs.s"));
    let path = |kind: &str, path: PathBuf| format!("{kind}={}", path.display());
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args([
        "--edition=2024",
        "--crate-type=lib",
        "--crate-name=pairs",
        "--emit=asm",
    ]);
    rustc
        .args(["-Copt-level=3", "-Ccodegen-units=1", "-o"])
        .arg(&assembly);
    rustc.args([
        "--extern",
        &path("shmstate", release.join("libshmstate.rlib")),
    ]);
    rustc.args(["-L", &path("dependency", release.join("deps"))]);
    run(rustc.arg(root.join("tests/assembly/pairs.rs")));
    read(&std::fs::read_to_string(assembly).expect("the assembly"))
}

fn run(command: &mut Command) {
    let output = command.output().expect("cargo and rustc can be run");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed:\n{errors}");
}

/// Finds the functions in the compiler's output, without what does not matter to the comparison.
fn read(assembly: &str) -> Functions {
    let mut functions = Functions::new();
    let mut current: Option<(String, Vec<String>)> = None;
    let mut labels = Vec::new();
    for line in assembly.lines() {
        // Of two functions with one body the compiler keeps one, and makes the other a second name for it.
        if let Some((name, same)) = line.split_once(" = ").or_else(|| alias(line)) {
            if let Some(body) = functions.get(same).cloned() {
                functions.insert(name.to_owned(), body);
            }
        } else if let Some(name) = line.strip_suffix(':').filter(|name| is_one_of_ours(name)) {
            current = Some((name.to_owned(), Vec::new()));
            labels.clear();
        } else if line.starts_with(".Lfunc_end") {
            functions.extend(current.take());
        } else if let Some((_, body)) = &mut current
            && let Some(instruction) = instruction(line, &mut labels)
        {
            body.push(instruction);
        }
    }
    for body in functions.values_mut() {
        one_spelling(body);
    }
    functions
}

/// What the loop does while nobody waits: the operations, without their registers. Who waits is woken out of line,
/// behind the jump back.
fn hot_loop(body: &[String]) -> Vec<String> {
    let is_label = |line: &&String| line.starts_with("label");
    let start = body.iter().find(is_label).expect("a loop");
    let jump = format!(" {}", start.trim_end_matches(':'));
    let lines = body.iter().skip_while(|line| *line != start);
    let end = lines.clone().position(|line| line.ends_with(&jump));
    lines
        .take(end.expect("a jump back") + 1)
        .filter(|line| !is_label(line))
        .map(|line| {
            let words = if line.starts_with("lock ") { 2 } else { 1 };
            let words: Vec<&str> = line.split(' ').take(words).collect();
            words.join(" ")
        })
        .collect()
}

fn is_one_of_ours(name: &str) -> bool {
    name.starts_with("ours_") || name.starts_with("raw_")
}

fn alias(line: &str) -> Option<(&str, &str)> {
    line.trim().strip_prefix(".set")?.trim().split_once(", ")
}

/// An instruction or a label; `None` for a directive or a comment. Labels are numbered anew.
fn instruction(line: &str, labels: &mut Vec<String>) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let first = words.first()?;
    let is_label = first.starts_with(".LBB"); // a block; others mark places for the unwinder
    if (first.starts_with('.') && !is_label) || first.starts_with(['#', '/']) {
        return None;
    }
    // Each side has a function of its own for the panic.
    if line.contains("7invalid") {
        return Some("call invalid".to_owned());
    }
    let mut text = words.join(" ");
    while let Some(start) = text.find(".L") {
        let end = text[start + 1..].find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
        let end = end.map_or(text.len(), |end| start + 1 + end);
        let label = text[start..end].to_owned();
        let number = labels
            .iter()
            .position(|known| *known == label)
            .unwrap_or_else(|| {
                labels.push(label);
                labels.len() - 1
            });
        text.replace_range(start..end, &format!("label {number}"));
    }
    Some(text)
}

/// `more than 1` and `at least 2` are the same condition; the compiler writes now one, now the other.
fn one_spelling(body: &mut [String]) {
    for i in 1..body.len() {
        let spelled = body[i]
            .strip_prefix("ja ")
            .map(|target| format!("jae {target}"));
        if let (Some(jump), Some(compare)) = (spelled, body[i - 1].strip_prefix("cmpb $"))
            && let Some((number, rest)) = compare.split_once(',')
            && let Ok(number) = number.parse::<u32>()
        {
            body[i - 1] = format!("cmpb ${},{rest}", number + 1);
            body[i] = jump;
        }
    }
}
