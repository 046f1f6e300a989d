//! Opens arbitrary bytes as a segment of every kind of slot, and reads all of them.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| shmstate_fuzz::run(input));
