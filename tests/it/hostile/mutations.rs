//! Segments whose bytes were changed at random, always the same way: whatever opens can be read.

use shared_testkit::{self as support, Test, forge, os, tests};

use shmstate::{OpenError, ReadOnly, Shared, SharedState};
use support::name;

use super::tables::{Phase, progress};

pub(crate) const TESTS: &[Test] = tests![mutated_segments_do_no_harm];

/// Changes bytes as one who does not know what they mean, or who does.
fn mutate(bytes: &mut Vec<u8>, random: &mut forge::Random) {
    const WORDS: [u64; 8] = [0, 1, 63, 64, 1 << 31, u32::MAX as u64, 1 << 63, u64::MAX];
    for _ in 0..=random.below(3) {
        let len = bytes.len();
        match random.below(6) {
            0 => bytes[random.below(len)] ^= 1 << random.below(8),
            1 => bytes[random.below(len)] = random.next().to_le_bytes()[7],
            2 => {
                let at = random.below(len / 8) * 8;
                let word = WORDS[random.below(WORDS.len())].to_le_bytes();
                bytes[at..at + 8].copy_from_slice(&word);
            }
            3 => {
                let (field, _) = forge::FIELDS[random.below(forge::FIELDS.len())];
                forge::set(bytes, field, WORDS[random.below(WORDS.len())]);
            }
            4 => {
                let place = random.below(len)..len;
                let noise = random.bytes(place.len());
                bytes[place].copy_from_slice(&noise);
            }
            _ if random.below(8) == 0 => bytes.truncate(200 + random.below(len)),
            // The slots alone: these open.
            _ => {
                let slots = usize::try_from(forge::get(bytes, "slots_offset")).unwrap_or(0);
                let at = slots.min(len - 1);
                bytes[at + random.below(len - at)] = random.next().to_le_bytes()[7];
            }
        }
        if bytes.len() < 200 {
            bytes.resize(200, 0);
        }
    }
    if random.below(2) == 0 {
        forge::seal(bytes);
    }
}

/// Opens mutations of a segment of this value; returns how many opened, and of those how many held a
/// value.
fn fuzz<T: SharedState>(value: T, cases: u32, seed: u64) -> (u32, u32) {
    let name = name("fuzz");
    let state = Shared::create(&name, value).expect("create");
    let whole = forge::bytes(&name).expect("the file is there");
    drop(state);
    let mut random = forge::Random::new(seed);
    let (mut opened, mut valid) = (0, 0);
    for _ in 0..cases {
        let mut bytes = whole.clone();
        mutate(&mut bytes, &mut random);
        forge::put(&name, &bytes);
        match (Shared::<T>::open(&name), ReadOnly::<T>::open(&name)) {
            (Ok(state), Ok(view)) => {
                opened += 1;
                let value = state.try_snapshot();
                valid += u32::from(value.is_ok());
                assert_eq!(format!("{state:?}"), format!("{view:?}"));
                match (value, view.try_snapshot()) {
                    (Ok(_), Ok(_)) => {}
                    (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string()),
                    _ => panic!("a value for one and none for the other"),
                }
            }
            (Err(one), Err(_)) => drop(one.to_string()),
            // Of another namespace, by chance.
            (Err(OpenError::Namespace { .. }), Ok(view)) => drop(view.try_snapshot()),
            (one, other) => panic!("{:?}, but {:?}", one.map(drop), other.map(drop)),
        }
        assert_eq!(forge::bytes(&name), Some(bytes), "touched");
    }
    forge::unlink(&name);
    (opened, valid)
}

// If wrong: "the child process ended with signal: 11", or a panic about an index.
fn mutated_segments_do_no_harm() {
    let status = support::in_child(|| {
        // A bound on memory and time: beyond these it dies.
        os::limit(libc::RLIMIT_AS, 1 << 30);
        os::limit(libc::RLIMIT_CPU, 60);
        let cases = support::amount(1_000, 4_000);
        let results = [
            fuzz(progress(), 2 * cases, 11),
            fuzz([[1_u16; 3]; 5], cases, 12),
            fuzz('x', cases, 13),
            fuzz(Phase::Idle, cases, 14),
        ];
        // So that it is known to come as far as it should.
        for (opened, valid) in results {
            println!("{opened} opened, {valid} held a value");
            assert!(
                opened > cases / 10 && valid > cases / 40,
                "the mutations are too coarse"
            );
        }
        let (opened, valid) = results[0];
        assert!(opened > valid + cases / 40, "the mutations are too fine");
    });
    support::assert_success(status);
}
