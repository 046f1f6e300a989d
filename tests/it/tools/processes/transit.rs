//! A descriptor that no process has.

#![allow(unsafe_code)]

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

/// Sends the file's descriptor into a socket, where no process has it; it stays there until what is returned
/// is dropped.
pub(crate) fn send_to_nobody(file: &File) -> (UnixStream, UnixStream) {
    let (from, to) = UnixStream::pair().expect("sockets");
    let mut byte = [0_u8];
    let mut part = libc::iovec {
        iov_base: byte.as_mut_ptr().cast(),
        iov_len: 1,
    };
    // Aligned as the header in it is.
    let mut control = [0_u64; 8];
    // SAFETY: zeros are a value of it: no address, no buffers.
    let mut message: libc::msghdr = unsafe { core::mem::zeroed() };
    message.msg_iov = &raw mut part;
    message.msg_iovlen = 1;
    message.msg_control = control.as_mut_ptr().cast();
    let len = u32::try_from(size_of::<i32>()).expect("4");
    // SAFETY: computes a length.
    message.msg_controllen = unsafe { libc::CMSG_SPACE(len) } as usize;
    // SAFETY: the message has a buffer, with room for a header.
    let header = unsafe { libc::CMSG_FIRSTHDR(&raw const message) };
    // SAFETY: computes a length.
    let header_len = unsafe { libc::CMSG_LEN(len) } as usize;
    // SAFETY: `header` points into `control`, which is zeroed and large enough.
    let header = unsafe { &mut *header };
    (header.cmsg_len, header.cmsg_level, header.cmsg_type) =
        (header_len, libc::SOL_SOCKET, libc::SCM_RIGHTS);
    // SAFETY: computes an address in `control`.
    let data = unsafe { libc::CMSG_DATA(&raw const *header) };
    // SAFETY: there is room for a number, wherever it lies.
    unsafe { data.cast::<i32>().write_unaligned(file.as_raw_fd()) };
    // SAFETY: the message and all that it points to live until the call returns.
    let sent = unsafe { libc::sendmsg(from.as_raw_fd(), &raw const message, 0) };
    assert_eq!(sent, 1, "sendmsg: {}", std::io::Error::last_os_error());
    (from, to)
}
