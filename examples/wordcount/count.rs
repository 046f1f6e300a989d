//! Counting one file, and finding the files to count.
//!
//! A line is a newline byte. Words are those of `wc` in coreutils 9.1: what stands between white space (space, `\t`,
//! `\n`, `\v`, `\f`, `\r`) and has at least one printable byte, `!` to `~`. Other bytes neither begin nor end a word,
//! except that in a UTF-8 locale (as `LC_ALL`, `LC_CTYPE` or `LANG` says) the first byte of a longer character is
//! printable as well. In such a locale `wc` knows all of Unicode, and this program does not: `wc` also ends words at wide
//! and no-break spaces, and finds that some characters are not printable.

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Passes what each part of the file adds to its lines, words and bytes to `add`.
pub(crate) fn count(path: &Path, add: impl Fn([u64; 3])) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    let utf8 = is_utf8();
    let mut in_word = false;
    while let length @ 1.. = file.read(&mut buffer)? {
        let (mut lines, mut words) = (0, 0);
        for byte in &buffer[..length] {
            let space = matches!(byte, b'\t'..=b'\r' | b' ');
            let printable = matches!(byte, b'!'..=b'~') || utf8 && matches!(byte, 0xc2..=0xf4);
            lines += u64::from(*byte == b'\n');
            words += u64::from(printable && !in_word);
            in_word = printable || in_word && !space;
        }
        add([lines, words, length as u64]);
    }
    Ok(())
}

fn is_utf8() -> bool {
    let mut locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().flat_map(env::var);
    let locale = locale.find(|value| !value.is_empty()).unwrap_or_default();
    locale.to_lowercase().replace('-', "").contains("utf8")
}

/// The Rust sources of this repository.
pub(crate) fn sources() -> Result<Vec<PathBuf>, Box<dyn Error>> {
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
