//! Handles in messages: a handle is serialised as its token.

use core::fmt;
use core::marker::PhantomData;

use serde_core::de::{Deserialize, Deserializer, Error, Visitor};
use serde_core::ser::{Serialize, Serializer};

use super::shared::{Shared, Without};
use crate::access::Access;
use crate::segment::Token;
use crate::slot::field::SharedState;

/// With the feature `serde`: a handle is serialised as its [`token`](Shared::token), a string, in formats
/// for people and in binary ones. It can be a field of any message; `T` needs nothing of serde.
///
/// The receiver opens the segment while it deserialises, so the segment must be there until then: that of
/// a named one until its creator drops it, that of an anonymous one as long as the process that serialised
/// it has it. A call that takes its arguments by value drops their handle once they are on their way:
/// give it a clone, and keep the handle until the answer is there.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use shmstate::{Shared, SharedState};
///
/// #[derive(SharedState, Default)]
/// struct Progress { done: u64 }
///
/// #[derive(Serialize, Deserialize)]
/// struct Job { progress: Shared<Progress>, amount: u64 }
///
/// let progress = Shared::new(Progress::default())?;
/// let message = serde_json::to_string(&Job { progress: progress.clone(), amount: 3 })?;
///
/// // In the process that receives it:
/// let job: Job = serde_json::from_str(&message)?;
/// job.progress.done.fetch_add(job.amount);
///
/// assert_eq!(progress.done.get(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl<T: SharedState, A: Access> Serialize for Shared<T, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Token::of(self.segment.origin()))
    }
}

/// With the feature `serde`: opens the segment of the token, as [`from_token`](Shared::from_token) does and
/// at its cost, about ten microseconds. A [`ReadOnly`](crate::ReadOnly) handle can be made from the token of
/// any handle, and so can a [`Shared`] from that of a read-only one: serialising as such does not take rights
/// away.
///
/// # Errors
///
/// The format's error, with the text of the [`OpenError`](crate::OpenError). Some binary formats drop the
/// text (`postcard` does, and with it `ipc-channel` and the pool of `procspawn`, whose worker panics on it
/// and is replaced). To tell the errors apart, send the token itself and call `from_token`.
impl<'de, T: SharedState, A: Access> Deserialize<'de> for Shared<T, A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Opener(PhantomData))
    }
}

/// Makes a handle of a token.
struct Opener<T, A>(Without<(T, A)>);

impl<T: SharedState, A: Access> Visitor<'_> for Opener<T, A> {
    type Value = Shared<T, A>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a token of a shared state, which is a string")
    }

    fn visit_str<E: Error>(self, token: &str) -> Result<Self::Value, E> {
        Shared::from_token(token).map_err(E::custom)
    }
}
