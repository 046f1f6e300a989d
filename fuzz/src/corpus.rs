//! Writes the inputs that the fuzzer begins with: valid segments, and some with one mistake. They name this
//! machine's namespaces, so they are made where they are used.
//!
//! `cargo run --bin corpus`, in this folder.

use std::fs;
use std::path::Path;

use shmstate_fuzz::{STATES, valid};

fn main() -> std::io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let folders = ["open", "inspect"].map(|target| corpus.join(target));
    for folder in &folders {
        fs::create_dir_all(folder)?;
    }
    let mut count = 0;
    let mut write = |name: String, kind: usize, rest: &[u8]| {
        count += 1;
        let kind = u8::try_from(kind).expect("a byte");
        folders
            .iter()
            .try_for_each(|folder| fs::write(folder.join(&name), [&[kind], rest].concat()))
    };
    for state in 0..STATES {
        let bytes = valid(state);
        write(format!("valid-{state}"), state, bytes)?;
        write(format!("sealed-{state}"), 64 + state, bytes)?;
        write(format!("another-{state}"), 64 + (state + 1) % STATES, bytes)?;
        write(format!("cut-{state}"), state, &bytes[..bytes.len() / 2])?;
        // The first slot's lock, version, event and recoveries, then bytes of its images.
        for (i, word) in [0, 1, 2, u64::MAX, 1 << 63, u64::MAX - 2]
            .into_iter()
            .enumerate()
        {
            let words = [word; 12].map(u64::to_le_bytes).concat();
            for at in [0_u16, 8, 24, 64] {
                let rest = [&at.to_le_bytes(), words.as_slice()].concat();
                write(format!("slots-{state}-{at}-{i}"), 128 + state, &rest)?;
            }
            for at in [8_u16, 40, 96, 192, 256] {
                let rest = [&at.to_le_bytes(), &words[..8]].concat();
                write(format!("table-{state}-{at}-{i}"), 192 + state, &rest)?;
            }
        }
    }
    println!("{count} inputs in {}", corpus.display());
    Ok(())
}
