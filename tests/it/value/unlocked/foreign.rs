//! A program that knows nothing of the library, and writes where the format says that a slot lies.

#![allow(unsafe_code)]

use std::fs::{File, OpenOptions};
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::ptr;

use super::support::{arguments, assert_success, spawn_self};

/// Has a foreign program write the low `size` bytes of `bits` at `offset` of the slots, by the file or
/// by a mapping of its own.
pub(crate) fn write(name: &str, how: &str, offset: usize, size: usize, bits: u64) {
    let mut child = spawn_self("foreign", |command| {
        let [offset, size, bits] = [offset, size, usize::try_from(bits).unwrap()];
        command.args([name, how]);
        command.args([offset, size, bits].map(|number| number.to_string()));
    });
    assert_success(child.wait().unwrap());
}

pub(crate) fn program() {
    let arguments = arguments();
    let number = |i: usize| arguments[i].parse::<u64>().unwrap();
    let path = format!("/dev/shm/{}", arguments[0]);
    let file = OpenOptions::new().read(true).write(true).open(path);
    let file = file.unwrap();
    let mut magic = [0; 8];
    file.read_exact_at(&mut magic, 0).unwrap();
    assert_eq!(&magic, b"SHMSTATE");
    let mut slots_offset = [0; 8];
    file.read_exact_at(&mut slots_offset, 80).unwrap();

    let at = u64::from_le_bytes(slots_offset) + number(2);
    let bytes = &number(4).to_le_bytes()[..usize::try_from(number(3)).unwrap()];
    if arguments[1] == "mapping" {
        write_mapped(&file, usize::try_from(at).unwrap(), bytes);
    } else {
        file.write_all_at(bytes, at).unwrap();
    }
}

fn write_mapped(file: &File, at: usize, bytes: &[u8]) {
    let len = usize::try_from(file.metadata().unwrap().len()).unwrap();
    assert!(at + bytes.len() <= len);
    let access = libc::PROT_READ | libc::PROT_WRITE;
    let (flags, fd) = (libc::MAP_SHARED, file.as_raw_fd());
    // SAFETY: no address is asked for, so nothing that exists is replaced.
    let base = unsafe { libc::mmap(ptr::null_mut(), len, access, flags, fd, 0) };
    assert_ne!(base, libc::MAP_FAILED);
    let target = base.cast::<u8>().wrapping_add(at);
    for (i, byte) in bytes.iter().enumerate() {
        // SAFETY: within the mapping, as asserted, which stays until the program ends.
        unsafe { target.wrapping_add(i).write_volatile(*byte) };
    }
}
