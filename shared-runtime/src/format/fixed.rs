//! Kinds of values of a fixed size that people write as text, such as addresses and points in time.
//!
//! The list at the end is all that tools know of them: how a value is shown, checked and parsed follows from its line.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::SystemTime;

/// A type of such a kind: its bytes at rest, and its text.
pub trait Fixed: Sized + 'static {
    /// An array of bytes.
    type Bytes: Copy + AsRef<[u8]> + for<'a> TryFrom<&'a [u8]>;

    /// What messages call a value, with an article: `an IP address`.
    const CALLED: &'static str;

    /// A text that is a value.
    const EXAMPLE: &'static str;

    /// Whether some bytes are not a value.
    const MAY_BE_INVALID: bool;

    /// Each value has exactly one form at rest.
    fn to_bytes(&self) -> Self::Bytes;

    /// `None` for bytes that are not a value.
    fn of_bytes(bytes: &Self::Bytes) -> Option<Self>;

    /// What [`of_text`](Self::of_text) takes back.
    fn text(&self) -> String;

    fn of_text(text: &str) -> Option<Self>;
}

/// Such a type at run time, where it is not known to the compiler.
#[derive(Clone, Copy)]
pub(crate) struct FixedKind {
    /// Its number in the field table.
    pub number: u16,
    /// Its name in schemas.
    pub name: &'static str,
    pub size: usize,
    pub called: &'static str,
    pub example: &'static str,
    pub may_be_invalid: bool,
    text: fn(&[u8]) -> Option<String>,
    of_text: fn(&str) -> Option<Vec<u8>>,
}

impl FixedKind {
    const fn of<T: Fixed>(number: u16, name: &'static str) -> FixedKind {
        FixedKind {
            number,
            name,
            size: size_of::<T::Bytes>(),
            called: T::CALLED,
            example: T::EXAMPLE,
            may_be_invalid: T::MAY_BE_INVALID,
            text: |bytes| Some(T::of_bytes(&bytes.try_into().ok()?)?.text()),
            of_text: |text| Some(T::of_text(text)?.to_bytes().as_ref().to_vec()),
        }
    }

    /// The text of the value; `None` for bytes that are not a value.
    pub(crate) fn text(&self, bytes: &[u8]) -> Option<String> {
        (self.text)(bytes)
    }

    /// The bytes of the value with that text.
    pub(crate) fn bytes(&self, text: &str) -> Option<Vec<u8>> {
        (self.of_text)(text)
    }

    /// The kind of that number.
    pub(crate) fn numbered(number: u16) -> Option<&'static FixedKind> {
        KINDS.iter().copied().find(|kind| kind.number == number)
    }
}

impl PartialEq for FixedKind {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for FixedKind {}

impl fmt::Debug for FixedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A type with a line in the list.
pub(crate) trait Listed: Fixed {
    const KIND: &'static FixedKind;
}

macro_rules! kinds {
    ($($number:literal $ty:ident $name:literal;)*) => {
        $(impl Listed for $ty {
            const KIND: &'static FixedKind = &FixedKind::of::<$ty>($number, $name);
        })*

        const KINDS: &[&FixedKind] = &[$($ty::KIND),*];
    };
}

/// A point in time of the clock that counts from the start of the machine, also while it sleeps: nanoseconds, the same in
/// every process, and never set. For heartbeats, and for how long ago something was.
///
/// Its slot is an [`Atomic`](crate::Atomic) of 64 bits. Zero, which is also the default, is the start of the machine. Two
/// of them can be compared; a reboot starts from zero again, so those of a segment that outlives one mean nothing after it.
///
/// ```
/// use shmstate::{Shared, SharedState, Timestamp};
/// use std::time::Duration;
///
/// #[derive(SharedState, Default)]
/// struct Worker {
///     alive: Timestamp,
/// }
///
/// let worker = Shared::new(Worker::default())?;
/// worker.alive.set(Timestamp::now()); // in the worker, at each step
/// let is_stuck = worker.alive.get().elapsed() > Duration::from_secs(60); // in the supervisor
/// assert!(!is_stuck);
/// # Ok::<(), shmstate::CreateError>(())
/// ```
// Here, because the list below names it; the rest is in `slot/time.rs`.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub(crate) u64);

// Numbers of the field table, which never change their meaning. Those below are in `kind.rs`.
kinds! {
    16 SystemTime "time";
    17 IpAddr "IP address";
    18 Ipv4Addr "IPv4 address";
    19 Ipv6Addr "IPv6 address";
    20 SocketAddr "socket address";
    21 Timestamp "timestamp";
}
