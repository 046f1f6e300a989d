//! What the fuzzer and the program that makes its corpus share: how an input becomes a segment, and what
//! is done with that.
//!
//! An input is one byte that says how the rest is meant, and the rest:
//!
//! | byte | the rest is |
//! |---|---|
//! | 0 to 63 | a whole segment, as it is |
//! | 64 to 127 | a whole segment, whose checksum is put right |
//! | 128 to 191 | two bytes of an offset, and what is written there over the slots of a valid segment |
//! | 192 to 255 | likewise over its header and field table, and the checksum is put right |
//!
//! The byte modulo [`STATES`] says as which state it is opened.

mod read;
mod states;

use std::sync::OnceLock;
use std::time::Duration;

use shared_testkit::{forge, kinds, walk};
use shmstate::Inspector;

use states::ALL;
pub use states::STATES;

/// How long the parts of a segment are that an input may say.
const HEADER: &str = "slots_offset";

/// Opens what the input says, and reads all of it.
pub fn run(input: &[u8]) {
    if let Some((state, bytes)) = segment(input, sealed) {
        let name = name();
        forge::put(&name, &bytes);
        (ALL[state].open)(&name);
    }
}

/// Looks at all of what the input says without its type, and changes all of it. Where the checksum is put right, so is
/// the fingerprint.
pub fn inspect(input: &[u8]) {
    let sealed = |mut bytes: Vec<u8>| {
        if bytes.len() >= forge::HEADER_LEN {
            forge::seal_all(&mut bytes);
        }
        bytes
    };
    let Some((_, bytes)) = segment(input, sealed) else {
        return;
    };
    let name = name();
    forge::put(&name, &bytes);
    let read_only = Inspector::open(&name);
    let options = Inspector::options().writable();
    let writable = options.lock_timeout(Duration::ZERO).open(&name);
    forge::unlink(&name);
    match (read_only, writable) {
        (Ok(look), Ok(change)) => {
            walk::look(&look);
            walk::change(&change);
            walk::look(&look);
        }
        // Of another namespace, as far as its header says.
        (Ok(look), Err(error)) => {
            drop(error.to_string());
            walk::look(&look);
        }
        (Err(error), Err(_)) => drop(error.to_string()),
        (Err(error), Ok(_)) => panic!("opened to write, but not to read: {error}"),
    }
}

/// The state and the segment that an input means; `sealed` puts right what is to be put right.
fn segment(input: &[u8], sealed: impl Fn(Vec<u8>) -> Vec<u8>) -> Option<(usize, Vec<u8>)> {
    let (kind, rest) = input.split_first()?;
    let state = usize::from(*kind) % STATES;
    let bytes = match kind / 64 {
        0 => rest.to_vec(),
        1 => sealed(rest.to_vec()),
        which => {
            let mut bytes = valid(state).to_vec();
            let slots = forge::get(&bytes, HEADER) as usize;
            let (at, noise) = rest.split_first_chunk()?;
            let part = if which == 2 {
                &mut bytes[slots..]
            } else {
                &mut bytes[..slots]
            };
            let at = usize::from(u16::from_le_bytes(*at)) % part.len();
            let len = noise.len().min(part.len() - at);
            part[at..at + len].copy_from_slice(&noise[..len]);
            if which == 2 { bytes } else { sealed(bytes) }
        }
    };
    Some((state, bytes))
}

/// A valid segment of that state.
pub fn valid(state: usize) -> &'static [u8] {
    static VALID: [OnceLock<Vec<u8>>; STATES] = [const { OnceLock::new() }; STATES];
    VALID[state].get_or_init(|| (ALL[state].valid)(&name()))
}

fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() >= forge::HEADER_LEN {
        forge::seal(&mut bytes);
    }
    bytes
}

fn name() -> String {
    format!("shmstate-fuzz-{}", std::process::id())
}
