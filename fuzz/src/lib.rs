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

#[path = "../../tests/forge/mod.rs"]
mod forge;
#[path = "../../tests/kinds/mod.rs"]
mod kinds;
mod read;
mod states;

use std::sync::OnceLock;

use states::ALL;
pub use states::STATES;

/// How long the parts of a segment are that an input may say.
const HEADER: &str = "slots_offset";

/// Opens what the input says, and reads all of it.
pub fn run(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    let state = usize::from(*kind) % STATES;
    let bytes = match kind / 64 {
        0 => rest.to_vec(),
        1 => sealed(rest.to_vec()),
        which => {
            let mut bytes = valid(state).to_vec();
            let slots = forge::get(&bytes, HEADER) as usize;
            let Some((at, noise)) = rest.split_first_chunk() else {
                return;
            };
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
    let name = name();
    forge::put(&name, &bytes);
    (ALL[state].open)(&name);
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
