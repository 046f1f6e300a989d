//! Counts lines, words and bytes in several processes that share one `Progress`.
//!
//! Run `cargo run --release --example wordcount [FILES…]`; without files it counts the Rust sources of
//! this repository. On a terminal a bar shows how far the workers are. At the end it prints what each
//! worker did and, as `wc` does, the total. The exit code is 1 if a file could not be read or a worker
//! died:
//!
//! ```text
//! worker 0: 44 files
//! worker 1: 38 files
//!  10934  50102 393397 total
//! ```
//!
//! A line is a newline byte. Words are those of `wc` in coreutils 9.1: what stands between white space
//! (space, `\t`, `\n`, `\v`, `\f`, `\r`) and has at least one printable byte, `!` to `~`. Other bytes
//! neither begin nor end a word, except that in a UTF-8 locale (as `LC_ALL`, `LC_CTYPE` or `LANG` says)
//! the first byte of a longer character is printable as well. There `wc` knows Unicode, and this program
//! does not: `wc` also ends words at wide and no-break spaces, and finds some characters not printable.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, thread, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use shmstate::prelude::*;

#[derive(SharedState)]
struct Progress {
    phase: Phase,
    next_file: usize,
    files_done: u64,
    files_failed: u64,
    lines: u64,
    words: u64,
    bytes: u64,
    #[shared(cache_padded)]
    per_worker: [u64; 64], // files
}

#[derive(SharedState, Debug)]
enum Phase {
    Starting,
    Counting,
    Done,
}

const WORKER: &str = "WORDCOUNT_WORKER"; // in the environment of a worker: its number

fn main() -> ExitCode {
    let files: Vec<_> = env::args_os().skip(1).map(PathBuf::from).collect();
    let done = match env::var(WORKER) {
        Ok(number) => work(&files, &number),
        Err(_) if files.is_empty() => sources().and_then(|files| lead(&files)),
        Err(_) => lead(&files),
    };
    let failed = |error| eprintln!("wordcount: {error}");
    ExitCode::from(u8::from(done.map_err(failed).is_err()))
}

/// The parent: starts the workers, shows how far they are, and prints the sums.
fn lead(files: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let progress = Shared::<Progress>::zeroed()?;
    let mut workers = Vec::new();
    for number in 0..thread::available_parallelism()?.get().clamp(2, 64) {
        let mut command = Command::new(env::current_exe()?);
        command.args(files).env(WORKER, number.to_string());
        workers.push(command.share("progress", &progress).spawn()?);
    }
    let size = files.iter().flat_map(fs::metadata).map(|m| m.len()).sum();
    let style = ProgressStyle::with_template("{msg} {bar:40} {bytes} of {total_bytes}")?;
    let bar = ProgressBar::new(size).with_style(style); // hidden if stderr is no terminal
    while workers.iter_mut().any(|w| matches!(w.try_wait(), Ok(None))) {
        bar.set_message(format!("{:?}", progress.phase.get()));
        bar.set_position(progress.bytes.get());
        thread::sleep(Duration::from_millis(20));
    }
    bar.finish_and_clear();
    let sum = progress.snapshot();
    let mut died = 0;
    for (number, (worker, files)) in workers.iter_mut().zip(sum.per_worker).enumerate() {
        println!("worker {number}: {files} files");
        let status = worker.wait()?;
        if !status.success() {
            eprintln!("wordcount: worker {number} died: {status}");
            died += 1;
        }
    }
    let (failed, missing) = (sum.files_failed, files.len() as u64 - sum.files_done);
    let (lines, words, bytes) = (sum.lines, sum.words, sum.bytes);
    let width = bytes.to_string().len();
    println!("{lines:width$} {words:width$} {bytes} total");
    if failed + missing + died > 0 {
        Err(format!(
            "{failed} files could not be read, {missing} were not finished"
        ))?;
    }
    Ok(())
}

/// A worker: takes the next file that nobody has taken, until there is none.
fn work(files: &[PathBuf], number: &str) -> Result<(), Box<dyn Error>> {
    let progress = Shared::<Progress>::inherit("progress")?;
    let number: usize = number.parse()?;
    progress.phase.set(Phase::Counting);
    while let Some(path) = files.get(progress.next_file.fetch_add(1)) {
        if let Err(error) = progress.count(path) {
            eprintln!("wordcount: {}: {error}", path.display());
            progress.files_failed.fetch_add(1);
        }
        progress.per_worker[number].fetch_add(1);
        if progress.files_done.fetch_add(1) + 1 == files.len() as u64 {
            progress.phase.set(Phase::Done);
        }
    }
    Ok(())
}

impl ProgressSlots {
    fn count(&self, path: &Path) -> io::Result<()> {
        let (mut file, mut buffer, mut in_word) = (File::open(path)?, vec![0; 1 << 16], false);
        let mut locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().flat_map(env::var);
        let locale = locale.find(|value| !value.is_empty()).unwrap_or_default();
        let utf8 = locale.to_lowercase().replace('-', "").contains("utf8");
        while let length @ 1.. = file.read(&mut buffer)? {
            let (mut lines, mut words) = (0, 0);
            for byte in &buffer[..length] {
                let space = matches!(byte, b'\t'..=b'\r' | b' ');
                let printable = matches!(byte, b'!'..=b'~') || utf8 && matches!(byte, 0xc2..=0xf4);
                lines += u64::from(*byte == b'\n');
                words += u64::from(printable && !in_word);
                in_word = printable || in_word && !space;
            }
            self.lines.fetch_add(lines);
            self.words.fetch_add(words);
            self.bytes.fetch_add(length as u64);
        }
        Ok(())
    }
}

fn sources() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let (mut found, mut folders) = (Vec::new(), vec![PathBuf::from(env!("CARGO_MANIFEST_DIR"))]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
