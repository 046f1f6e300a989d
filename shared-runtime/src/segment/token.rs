//! The text by which another process opens a segment.

use core::fmt;

use super::error::OpenError;
use super::origin::{Backing, Origin};

/// `shmstate:name:<id>:<name>` or `shmstate:fd:<id>:<pid>:<descriptor>`, the id in 32 hexadecimal digits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    Named { id: u128, name: &'a str },
    Descriptor { id: u128, pid: u32, fd: u32 },
}

impl<'a> Token<'a> {
    /// The token of a segment that this process has.
    pub(crate) fn of(origin: &'a Origin) -> Token<'a> {
        let id = origin.id;
        match &origin.backing {
            Backing::Named { name, .. } => Token::Named { id, name },
            Backing::Anonymous { file } => Token::Descriptor {
                id,
                // Not that of the creator: a forked child has a copy of the descriptor.
                pid: std::process::id(),
                fd: file.number(),
            },
        }
    }

    pub(crate) fn parse(text: &'a str) -> Result<Token<'a>, OpenError> {
        // A token that was printed to a pipe and read as a line ends like this.
        let text = text.trim_end_matches(['\n', '\r']);
        let bad = |reason| OpenError::BadToken {
            token: text.chars().take(80).collect(),
            reason,
        };
        let rest = text
            .strip_prefix("shmstate:")
            .ok_or(bad("a token begins with `shmstate:`"))?;
        let (kind, rest) = rest.split_once(':').ok_or(bad("it is cut off"))?;
        let (id, rest) = rest.split_once(':').ok_or(bad("it is cut off"))?;
        let digits = id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
        let id = u128::from_str_radix(id, 16)
            .ok()
            .filter(|_| digits)
            .ok_or(bad("its instance id is not 32 hexadecimal digits"))?;
        match kind {
            "name" => Ok(Token::Named { id, name: rest }),
            "fd" => {
                let number = |text: &str| {
                    let digits = text.bytes().all(|b| b.is_ascii_digit());
                    text.parse()
                        .ok()
                        .filter(|n: &u32| digits && i32::try_from(*n).is_ok())
                };
                let (pid, fd) = rest
                    .split_once(':')
                    .and_then(|(pid, fd)| Some((number(pid)?, number(fd)?)))
                    .ok_or(bad("its process id or descriptor is not a number"))?;
                Ok(Token::Descriptor { id, pid, fd })
            }
            _ => Err(bad("it names a segment neither by `name` nor by `fd`")),
        }
    }
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Named { id, name } => write!(f, "shmstate:name:{id:032x}:{name}"),
            Token::Descriptor { id, pid, fd } => write!(f, "shmstate:fd:{id:032x}:{pid}:{fd}"),
        }
    }
}
