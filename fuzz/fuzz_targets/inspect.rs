//! Opens arbitrary bytes with the inspector, reads all of them, and changes all of them.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| shmstate_fuzz::inspect(input));
