//! Giving a segment to a program that is executed.

use std::fmt::Write as _;
use std::process::Command;

use super::shared::Shared;
use crate::access::Access;
use crate::segment::{Backing, Token};
use crate::slot::field::SharedState;
use crate::sys::handoff;

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
    /// For `tokio::process::Command`, share with a command of `std` and convert that: `tokio::process::Command::from(command)`.
    /// (An impl would have everybody who uses the feature `async` build `tokio`.)
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
        let origin = state.segment.origin();
        let token = match &origin.backing {
            Backing::Named { .. } => Token::of(origin),
            Backing::Anonymous { file } => Token::Descriptor {
                id: origin.id,
                pid: std::process::id(),
                fd: handoff::pass_on(self, file, A::WRITABLE),
            },
        };
        self.env(variable(key), token.to_string())
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
