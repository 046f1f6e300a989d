//! The examples do what they say: run as programs, their output compared with that of `wc` and their own text.

#![allow(unsafe_code)] // `kill`

use shared_testkit::{Test, tests};

/// Builds it, once for all tests: they are forks.
pub(crate) fn build() {
    LazyLock::force(&WORDCOUNT);
}

pub(crate) const TESTS: &[Test] = tests![
    wordcount_counts_the_sources_of_this_repository_as_wc_does,
    wordcount_agrees_with_wc_on_odd_bytes_and_at_the_ends_of_chunks,
    wordcount_finds_the_words_of_other_alphabets_in_a_utf8_locale,
    wordcount_names_the_files_that_it_cannot_read_and_counts_the_others,
    wordcount_reports_a_worker_that_is_killed,
    instance_method_prints_each_write_lost_and_then_seen,
    pool_prints_that_the_workers_change_the_shared_state_alone,
];

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::{env, process, thread};

use super::programs::example;

static WORDCOUNT: LazyLock<PathBuf> = LazyLock::new(|| example("wordcount"));

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn wordcount<F: AsRef<Path>>(locale: &str, files: &[F]) -> Command {
    let mut command = Command::new(&*WORDCOUNT);
    command
        .env("LC_ALL", locale)
        .args(files.iter().map(AsRef::as_ref));
    command
}

/// The three numbers of the last line, which must be a total.
fn total(output: &Output) -> [u64; 3] {
    let (out, errors) = (text(&output.stdout), text(&output.stderr));
    let last = out
        .lines()
        .last()
        .unwrap_or_else(|| panic!("nothing printed, but: {errors}"));
    let words: Vec<&str> = last.split_whitespace().collect();
    assert_eq!(words.last(), Some(&"total"), "{out}{errors}");
    [0, 1, 2].map(|i| words[i].parse().expect("a number"))
}

/// What `wc` counts in all the files together.
fn wc<F: AsRef<Path>>(locale: &str, files: &[F]) -> [u64; 3] {
    // With the empty file there are at least two, and so there is a total.
    let mut command = Command::new("wc");
    command
        .env("LC_ALL", locale)
        .args(files.iter().map(AsRef::as_ref))
        .arg("/dev/null");
    total(&command.output().expect("these tests compare with `wc`"))
}

/// A folder of this test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Folder {
        let folder = env::temp_dir().join(format!("shmstate-{test}-{}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let (path, kind) = entry.map(|e| (e.path(), e.file_type())).expect("an entry");
        let skipped = path.ends_with("target") || path.ends_with(".git");
        match kind.expect("its kind").is_dir() {
            true if !skipped => rust_files(&path, found),
            false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
            _ => {}
        }
    }
}

fn wordcount_counts_the_sources_of_this_repository_as_wc_does() {
    let mut files = Vec::new();
    rust_files(Path::new(env!("CARGO_MANIFEST_DIR")), &mut files);
    let output = wordcount::<&str>("C", &[]).output().expect("it runs");
    let found = total(&output);
    assert_eq!(found, wc("C", &files));
    assert!(output.status.success());
    assert_eq!(text(&output.stderr), "", "it draws only on a terminal");
    let out = text(&output.stdout);
    let each = out.lines().filter_map(|line| line.strip_prefix("worker "));
    let done = each.map(|line| {
        line.split(' ')
            .nth(1)
            .expect("a number")
            .parse::<usize>()
            .expect("files")
    });
    let done: Vec<usize> = done.collect();
    assert!(done.len() >= 2, "at least two workers: {out}");
    assert_eq!(
        done.iter().sum::<usize>(),
        files.len(),
        "each file was counted once: {out}"
    );
}

/// Files of the bytes that are easily got wrong, with the words that `wc` of coreutils 9.1 finds there.
fn odd_files() -> Vec<(&'static str, Vec<u8>, u64)> {
    let chunk = 1 << 16; // what is read at once
    let each = |f: fn(u8) -> Vec<u8>| (0..=255).flat_map(f).collect::<Vec<u8>>();
    vec![
        ("empty", vec![], 0),
        ("white", b" \t\n\x0b\x0c\r\n\n".to_vec(), 0),
        ("no-newline-at-the-end", b"one two".to_vec(), 2),
        ("all-spaces-split", b"a b\tc\nd\x0be\x0cf\rg".to_vec(), 7),
        (
            "controls-alone",
            b"\0 \x01 \x1b \x7f \x1c\x1d\x1e\x1f".to_vec(),
            0,
        ),
        ("controls-inside", b"a\0b \x01c d\x7f".to_vec(), 3),
        ("no-break-space", b"a\xc2\xa0b \xc2\xa0 \xa0".to_vec(), 1),
        ("dash-alone", "a \u{2014} b".into(), 2),
        ("not-utf8", b"\xff \xfe\xff a\xff \x80\x80b".to_vec(), 2),
        ("each-byte-alone", each(|byte| vec![b' ', byte, b' ']), 94),
        (
            "each-byte-inside",
            each(|byte| vec![b'x', byte, b'y', b' ']),
            256 + 6,
        ),
        (
            "word-over-a-chunk",
            [vec![b' '; chunk - 1], b"ab c".to_vec()].concat(),
            2,
        ),
        (
            "word-ends-with-a-chunk",
            [vec![b'a'; chunk], b" b\n".to_vec()].concat(),
            2,
        ),
        (
            "space-ends-a-chunk",
            [vec![b'a'; chunk - 1], b" b".to_vec()].concat(),
            2,
        ),
        (
            "control-at-a-chunk",
            [vec![b' '; chunk - 1], b"\x01\x01a".to_vec()].concat(),
            1,
        ),
        ("one-word-of-many-chunks", vec![b'a'; 5 * chunk + 7], 1),
        ("noise", noise(700_000), 0),
    ]
}

/// Bytes in which nothing repeats, from a fixed seed.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    std::iter::repeat_with(next).take(length).collect()
}

fn wordcount_agrees_with_wc_on_odd_bytes_and_at_the_ends_of_chunks() {
    let folder = Folder::new("odd-bytes");
    // Other versions of `wc` may count words of bytes that cannot be printed: then only the numbers here count.
    let like_ours = wc("C", &[folder.file("probe", b"\x01 \xe9 \x7f")])[1] == 0;
    let mut files = Vec::new();
    for (name, bytes, words) in odd_files() {
        let file = folder.file(name, &bytes);
        let output = wordcount("C", &[&file]).output().expect("it runs");
        assert!(output.status.success());
        let found = total(&output);
        if like_ours {
            assert_eq!(found, wc("C", &[&file]), "lines, words, bytes of {name}");
        }
        if name != "noise" {
            assert_eq!(found[1], words, "words of {name}");
        }
        assert_eq!(found[2], bytes.len() as u64, "bytes of {name}");
        files.push(file);
    }
    let found = total(&wordcount("C", &files).output().expect("it runs"));
    assert!(!like_ours || found == wc("C", &files), "all files at once");
}

fn wordcount_finds_the_words_of_other_alphabets_in_a_utf8_locale() {
    let folder = Folder::new("utf8");
    let prose = "Zwölf Bögen — é, «naïve» …\n日本語 テキスト\nпривет мир 🦀\n a\u{301} ";
    let file = folder.file("prose", prose.as_bytes());
    let words = |locale| total(&wordcount(locale, &[&file]).output().expect("it runs"))[1];
    assert_eq!(words("C.UTF-8"), 12);
    assert_eq!(words("C"), 5, "those with a printable ASCII byte");
    // Where the system has no such locale, `wc` counts as in `C`.
    let theirs = wc("C.UTF-8", &[&file])[1];
    assert!(
        theirs == 12 || theirs == wc("C", &[&file])[1],
        "wc finds {theirs}"
    );
}

fn wordcount_names_the_files_that_it_cannot_read_and_counts_the_others() {
    let folder = Folder::new("missing");
    let (good, missing) = (folder.file("good", b"one two\n"), folder.0.join("missing"));
    let output = wordcount("C", &[&missing, &good, &folder.0])
        .output()
        .expect("it runs");
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert_eq!(total(&output), [1, 2, 8]);
    assert!(
        errors.contains(&format!("{}: No such file", missing.display())),
        "{errors}"
    );
    assert!(
        errors.contains(&format!("{}: Is a directory", folder.0.display())),
        "{errors}"
    );
    assert!(errors.contains("2 files could not be read"), "{errors}");
}

/// If the parent trusted its workers to finish, this would print a total, and exit code 0; if it waited for
/// them all to say that they are done, it would hang.
fn wordcount_reports_a_worker_that_is_killed() {
    let folder = Folder::new("killed");
    let (good, fifo) = (folder.file("good", b"one two\n"), folder.0.join("fifo"));
    let made = Command::new("mkfifo").arg(&fifo).status().expect("mkfifo");
    assert!(made.success());
    let mut command = wordcount("C", &[&fifo, &good]);
    let mut parent = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut writer = open_once_read(&fifo, &mut parent);
    writer.write_all(b"half a word").expect("somebody reads it");
    let worker = reader_of(&fifo, &mut parent);
    // SAFETY: sends a signal; the process is a child of ours that has not been waited for.
    assert_eq!(unsafe { libc::kill(worker, libc::SIGKILL) }, 0);
    let output = parent.wait_with_output().expect("it ends");
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("died: signal: 9 (SIGKILL)"), "{errors}");
    assert!(errors.contains("1 were not finished"), "{errors}");
    assert!(total(&output)[2] >= 8, "the other worker went on");
}

/// Opens a FIFO for writing as soon as somebody opens it for reading.
fn open_once_read(fifo: &Path, reader: &mut Child) -> fs::File {
    until(reader, || {
        let mut options = OpenOptions::new();
        match options
            .write(true)
            .custom_flags(libc::O_NONBLOCK)
            .open(fifo)
        {
            Err(error) if error.raw_os_error() == Some(libc::ENXIO) => None,
            opened => Some(opened.expect("it can be opened")),
        }
    })
}

/// The child of `parent` that has the file open: it may still be about to.
fn reader_of(file: &Path, parent: &mut Child) -> i32 {
    let parent_id = parent.id().to_string();
    until(parent, || {
        let processes = fs::read_dir("/proc").expect("/proc").flatten();
        let mut readers = processes.map(|entry| entry.path()).filter(|process| {
            let stat = fs::read_to_string(process.join("stat")).unwrap_or_default();
            let behind_name = stat.rsplit(") ").next().unwrap_or_default();
            let files = fs::read_dir(process.join("fd"))
                .into_iter()
                .flatten()
                .flatten();
            let mut files = files.map(|fd| fs::read_link(fd.path()));
            behind_name.split(' ').nth(1) == Some(&parent_id)
                && files.any(|link| link.is_ok_and(|link| link == file))
        });
        readers.next()?.file_name()?.to_str()?.parse().ok()
    })
}

/// Asks again and again, as long as the process lives.
fn until<T>(process: &mut Child, mut ask: impl FnMut() -> Option<T>) -> T {
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        let ended = process.try_wait().expect("its state");
        assert!(ended.is_none(), "it ended too early: {ended:?}");
        thread::yield_now();
    }
}

/// Runs the example, which must print what the text at its top says.
fn prints_what_it_promises(name: &str) {
    let output = Command::new(example(name)).output().expect("it runs");
    let (out, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{out}{errors}");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let source = fs::read_to_string(examples.join(name).with_extension("rs"));
    let source = source.expect("its source");
    let promised = source
        .split("//! ```text\n")
        .nth(1)
        .and_then(|rest| rest.split("//! ```").next());
    let promised = promised.expect("the text at its top").replace("//! ", "");
    assert_eq!(out, promised);
    assert_eq!(errors, "");
}

fn instance_method_prints_each_write_lost_and_then_seen() {
    prints_what_it_promises("instance_method");
}

/// If the workers of the pool changed copies, this would print a shared state of 0 lines.
fn pool_prints_that_the_workers_change_the_shared_state_alone() {
    prints_what_it_promises("pool");
}
