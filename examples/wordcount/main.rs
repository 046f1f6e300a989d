//! Counts lines, words and bytes in several processes that share one `Progress`.
//!
//! Run `cargo run --release --example wordcount [FILES…]`; without files it counts the Rust sources of this repository.
//! On a terminal a bar shows how far the workers are. At the end it prints what each worker did and, as `wc` does, the
//! total. The exit code is 1 if a file could not be read or a worker died:
//!
//! ```text
//! worker 0: 44 files
//! worker 1: 38 files
//!  10934  50102 393397 total
//! ```

mod count;

use std::error::Error;
use std::fs;
use std::path::PathBuf;
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
        Err(_) if files.is_empty() => count::sources().and_then(|files| lead(&files)),
        Err(_) => lead(&files),
    };
    let failed = |error| eprintln!("wordcount: {error}");
    ExitCode::from(u8::from(done.map_err(failed).is_err()))
}

/// The parent starts the workers, shows how far they are, and prints the sums.
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

/// A worker takes the next file that nobody has taken yet, until there is none.
fn work(files: &[PathBuf], number: &str) -> Result<(), Box<dyn Error>> {
    let progress = Shared::<Progress>::inherit("progress")?;
    let number: usize = number.parse()?;
    progress.phase.set(Phase::Counting);
    while let Some(path) = files.get(progress.next_file.fetch_add(1)) {
        let add = |[lines, words, bytes]: [u64; 3]| {
            progress.lines.fetch_add(lines);
            progress.words.fetch_add(words);
            progress.bytes.fetch_add(bytes);
        };
        if let Err(error) = count::count(path, add) {
            let line = format!("wordcount: {}: {error}\n", path.display());
            eprint!("{line}"); // one write, which those of the other workers do not get into
            progress.files_failed.fetch_add(1);
        }
        progress.per_worker[number].fetch_add(1);
        if progress.files_done.fetch_add(1) + 1 == files.len() as u64 {
            progress.phase.set(Phase::Done);
        }
    }
    Ok(())
}
