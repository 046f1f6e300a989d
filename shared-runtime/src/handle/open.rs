//! Opening a segment.

use super::{Options, Shared};
use crate::access::Access;
use crate::segment::Expected;
use crate::segment::OpenError;
use crate::slot::field::SharedState;

impl<T: SharedState, A: Access> Shared<T, A> {
    /// Opens the segment of that name, created by any process.
    ///
    /// The header and the fingerprint of the fields are checked; the segment is never changed or removed
    /// by this, whether it succeeds or not. Costs about ten microseconds.
    ///
    /// A second handle opened in the same process works, and costs a second mapping.
    ///
    /// # Errors
    ///
    /// [`OpenError`]: the name is not possible or not there, the file is not a whole segment or holds other
    /// fields (the message says which), it belongs to another user, permission is denied, or it was
    /// created in another PID or time namespace (where it can be opened as [`ReadOnly`](crate::ReadOnly)).
    pub fn open(name: &str) -> Result<Self, OpenError> {
        Self::options().open(name)
    }

    /// Opens the segment that a [`token`](Self::token) names.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and [`OpenError::BadToken`] if the text is none, [`OpenError::Gone`] if the
    /// process that it names no longer has the segment, [`OpenError::WrongInstance`] if the name means
    /// another segment by now.
    ///
    /// ```
    /// # use shmstate::Shared;
    /// let count = Shared::new(0_u32)?;
    /// let token = count.token(); // pass it to any process of this user …
    /// let same = Shared::<u32>::from_token(&token)?; // … which opens it
    /// same.set(5);
    /// assert_eq!(count.get(), 5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_token(token: &str) -> Result<Self, OpenError> {
        Self::options().from_token(token)
    }

    /// Opens the segment that the parent process has [shared](crate::ShareCommand::share) with this one
    /// under `key`. It can be called more than once.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and [`OpenError::NotInherited`] if there is none under that key.
    pub fn inherit(key: &str) -> Result<Self, OpenError> {
        Self::options().inherit(key)
    }

    pub(super) fn expected(foreign_owner: bool) -> Expected {
        Expected {
            layout: Some(Self::LAYOUT),
            writable: A::WRITABLE,
            foreign_owner,
            id: None,
        }
    }

    /// How to open, where the defaults do not fit.
    pub fn options() -> Options<T, A> {
        Options::default()
    }
}
