//! Giving a segment to a program that is executed.

#![allow(unsafe_code)]

use std::fmt::Write as _;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;

use super::shared::Shared;
use crate::access::Access;
use crate::segment::{Place, Segment, Token};
use crate::slot::field::SharedState;
use crate::sys::memfd;

/// Shares a state with the processes that a [`Command`] starts.
pub trait ShareCommand {
    /// Lets the children of this command open the segment as [`Shared::inherit`]`(key)`.
    ///
    /// A child gets an environment variable and, if the segment has no name, its descriptor; other
    /// children do not. Several segments can be shared under several keys. The command keeps the
    /// segment alive. The child passes the descriptor on to programs that it starts itself before it has
    /// called `inherit`, and not after.
    ///
    /// A [`ReadOnly`](crate::ReadOnly) handle gives the child a descriptor that can only be read (or the
    /// name). That guards against mistakes, not against a child that means harm: a process of the same
    /// user can open the memory anew, to write.
    ///
    /// Call it after `env_clear`, which would take the variable away. Errors show when the command is
    /// started: `spawn` fails if the descriptor cannot be passed on.
    ///
    /// ```no_run
    /// use shmstate::{ShareCommand, Shared};
    /// use std::process::Command;
    ///
    /// let count = Shared::new(0_u64)?;
    /// Command::new("./worker").share("count", &count).status()?;
    /// // and in the worker: let count = Shared::<u64>::inherit("count")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn share<T: SharedState, A: Access>(&mut self, key: &str, state: &Shared<T, A>) -> &mut Self;
}

impl ShareCommand for Command {
    fn share<T: SharedState, A: Access>(&mut self, key: &str, state: &Shared<T, A>) -> &mut Self {
        share(self, key, &state.segment, A::WRITABLE)
    }
}

/// The name of the environment variable of a key. Bytes that a variable's name cannot have are written as `%xx`.
pub(super) fn variable(key: &str) -> String {
    let mut name = "SHMSTATE_INHERIT_".to_owned();
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "%{byte:02x}");
        }
    }
    name
}

/// What the child's descriptor is, kept open until the command is dropped.
enum Passed {
    Segment(Arc<Segment>),
    ReadOnly(OwnedFd),
}

fn share<'c>(
    command: &'c mut Command,
    key: &str,
    segment: &Arc<Segment>,
    writable: bool,
) -> &'c mut Command {
    use std::os::fd::AsRawFd;
    let origin = segment.origin();
    let Place::Anonymous { file } = &origin.place else {
        return command.env(variable(key), Token::of(origin).to_string());
    };
    let passed = if writable {
        Ok(Passed::Segment(Arc::clone(segment)))
    } else {
        memfd::reopen_read_only(file.as_fd()).map(Passed::ReadOnly)
    };
    let fd = match &passed {
        Ok(Passed::ReadOnly(file)) => file.as_raw_fd(),
        _ => file.as_fd().as_raw_fd(),
    };
    let token = Token::Descriptor {
        id: origin.id,
        pid: std::process::id(),
        fd: fd.unsigned_abs(),
    };
    command.env(variable(key), token.to_string());
    let error = passed.as_ref().err().and_then(io::Error::raw_os_error);
    let keep = move || match &passed {
        Ok(Passed::Segment(segment)) => match &segment.origin().place {
            Place::Anonymous { file } => memfd::set_close_on_exec(file.as_fd(), false),
            Place::Named { .. } => Ok(()),
        },
        Ok(Passed::ReadOnly(file)) => memfd::set_close_on_exec(file.as_fd(), false),
        Err(_) => Err(io::Error::from_raw_os_error(error.unwrap_or(0))),
    };
    // SAFETY: between fork and exec only async-signal-safe functions may run: this calls `fcntl` and
    // neither allocates nor locks.
    unsafe { command.pre_exec(keep) }
}
