//! The lock-guarded slot beneath its typed forms, in layers: `word` is the lock, `images` says which of several images of a
//! value is current, `event` is for waiting. `head` puts the three side by side, and `guard` holds the lock. `raw` is a slot
//! of a known type, `bytes` one of which only the layout is known; both copy images by `copy`.
//!
//! The protocols are generic over the machine (`platform`), and are checked in `models`. `docs/protocol.md` has the reasons.

mod bytes;
mod copy;
mod error;
mod event;
mod guard;
mod head;
mod images;
#[cfg(test)]
mod models;
mod platform;
mod raw;
mod word;

pub(crate) use bytes::{LockedBytes, event_at};
pub(crate) use error::{REENTRANT, Unchanged};
pub use error::{TimedOut, UpdateError};
pub(crate) use event::Event;
pub(crate) use guard::Guard;
pub(crate) use head::HEAD_LEN;
pub(crate) use images::IMAGES;
pub(crate) use raw::{ImageCell, Raw};
pub use raw::{Line, Packed};
