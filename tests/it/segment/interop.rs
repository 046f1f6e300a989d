//! Segments beside another crate for shared memory: what it makes and ours are files of the same kind.

#![allow(unsafe_code)]

use shared_testkit::{self as support, Test, tests};

use shared_memory::ShmemConf;
use shmstate::{HeaderError, OpenError, Shared};
use support::name;

pub(crate) const TESTS: &[Test] = tests![
    another_crate_maps_a_segment_of_ours_and_sees_a_write,
    a_segment_of_another_crate_is_refused_and_left_alone,
];

fn another_crate_maps_a_segment_of_ours_and_sees_a_write() {
    let name = name("ours");
    let state = Shared::create(&name, [0x1122_u64, 0]).unwrap();
    let theirs = ShmemConf::new().os_id(&name).open().unwrap();
    let read = |offset: usize| {
        assert!(offset + 8 <= theirs.len());
        let mut bytes = [0; 8];
        for (i, byte) in bytes.iter_mut().enumerate() {
            // SAFETY: within the mapping, as asserted, and nobody writes at the same time.
            *byte = unsafe { theirs.as_ptr().wrapping_add(offset + i).read_volatile() };
        }
        u64::from_le_bytes(bytes)
    };
    assert_eq!(read(0).to_le_bytes(), *b"SHMSTATE");
    let slots = usize::try_from(read(80)).unwrap(); // `slots_offset` in the header
    assert_eq!((read(slots), read(slots + 8)), (0x1122, 0));
    state[1].set(7);
    // If the two mapped different memory, this would still be 0.
    assert_eq!(read(slots + 8), 7);
}

fn a_segment_of_another_crate_is_refused_and_left_alone() {
    let name = name("theirs");
    let theirs = ShmemConf::new().os_id(&name).size(4096).create().unwrap();
    let refused = Shared::<[u64; 2]>::open(&name).unwrap_err();
    assert!(
        matches!(
            &refused,
            OpenError::Header { reason: HeaderError::Foreign { found }, .. } if *found == [0; 8]
        ),
        "{refused}"
    );
    assert!(shmstate::remove(&name).is_err());
    drop(theirs); // it owns the name, and so removes it
    assert!(matches!(
        Shared::<[u64; 2]>::open(&name),
        Err(OpenError::NotFound { .. })
    ));
}
