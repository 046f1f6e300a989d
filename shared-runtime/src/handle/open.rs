//! Opening a state.

use core::fmt;
use std::thread;
use std::time::{Duration, Instant};

use super::children::variable;
use super::shared::{Shared, Without};
use crate::access::{Access, Write};
use crate::segment::{self, Found, OpenError, Terms};
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
        Self::opening().open(name)
    }

    /// Opens the segment that a [`token`](Self::token) names.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and [`OpenError::BadToken`] if the text is not one, [`OpenError::Gone`] if the
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
        Self::opening().from_token(token)
    }

    /// Opens the segment that the parent process has [shared](crate::ShareCommand::share) with this one
    /// under `key`. It can be called more than once.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and [`OpenError::NotInherited`] if there is none under that key.
    pub fn inherit(key: &str) -> Result<Self, OpenError> {
        Self::opening().inherit(key)
    }

    /// How to open a segment, where the defaults do not fit.
    pub fn opening() -> OpenOptions<T, A> {
        OpenOptions {
            wait: None,
            foreign_owner: false,
            live: false,
            state: Without::default(),
        }
    }

    pub(super) fn of(found: Found) -> Result<Self, OpenError> {
        Ok(Shared::from_segment(found.defined(Self::DEFINITION)?))
    }
}

/// How to open a segment: see [`Shared::opening`].
///
/// ```
/// use shmstate::Shared;
/// use std::time::Duration;
///
/// let name = format!("doc-opening-{}", std::process::id());
/// let ours = Shared::create(&name, 1_u64)?;
/// let theirs = Shared::<u64>::opening().wait(Duration::from_secs(5)).open(&name)?;
/// assert_eq!(theirs.get(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "options do nothing until a segment is opened"]
pub struct OpenOptions<T, A: Access = Write> {
    wait: Option<Duration>,
    foreign_owner: bool,
    live: bool,
    state: Without<(T, A)>,
}

impl<T, A: Access> Clone for OpenOptions<T, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T, A: Access> Copy for OpenOptions<T, A> {}

impl<T, A: Access> fmt::Debug for OpenOptions<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenOptions")
            .field("wait", &self.wait)
            .field("foreign_owner", &self.foreign_owner)
            .field("live", &self.live)
            .finish_non_exhaustive()
    }
}

impl<T: SharedState, A: Access> OpenOptions<T, A> {
    /// Has [`open`](Self::open) wait up to `duration` for the name to appear; with [`live`](Self::live), until a
    /// process has the segment. The default is not to wait. It looks again and again, with pauses of up to 10 ms.
    pub fn wait(mut self, duration: Duration) -> Self {
        self.wait = Some(duration);
        self
    }

    /// Accepts a segment of another user, who could then change it, and also truncate it, which ends a process that
    /// touches it with `SIGBUS`. The default is to refuse it.
    pub fn foreign_owner(mut self) -> Self {
        self.foreign_owner = true;
        self
    }

    /// Refuses a segment that no process has open or mapped: what ended processes have left. The kernel is asked, so
    /// this holds across users and containers; where it does not tell (a segment of another user), the segment counts as
    /// live. It also does if this process has it already, or if some tool has it open for a moment. Costs about 200 µs.
    ///
    /// [`inherit`](Self::inherit) does not have this option: it opens what this process has already.
    pub fn live(mut self) -> Self {
        self.live = true;
        self
    }

    /// See [`Shared::open`].
    ///
    /// # Errors
    ///
    /// As [`Shared::open`]; [`OpenError::TimedOut`] after the time given with [`wait`](Self::wait); and
    /// [`OpenError::NotLive`] if only one that is [`live`](Self::live) was asked for.
    pub fn open(self, name: &str) -> Result<Shared<T, A>, OpenError> {
        let start = Instant::now();
        let mut pause = Duration::from_micros(100);
        loop {
            let error = match segment::by_name(name, None, self.terms()) {
                Ok(Some(found)) => return Shared::of(found),
                Ok(None) => None,
                Err(error @ OpenError::NotLive { .. }) => Some(error),
                Err(error) => return Err(error),
            };
            let Some(limit) = self.wait else {
                return Err(error.unwrap_or_else(|| segment::not_found(name)));
            };
            let left = limit.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Err(error.unwrap_or_else(|| OpenError::TimedOut {
                    name: name.to_owned(),
                    waited: limit,
                    existing: segment::existing_names(),
                }));
            }
            thread::sleep(pause.min(left));
            pause = (pause * 2).min(Duration::from_millis(10));
        }
    }

    /// See [`Shared::from_token`].
    ///
    /// # Errors
    ///
    /// As [`Shared::from_token`]; [`OpenError::NotLive`] as [`open`](Self::open); and [`OpenError::UselessOption`] with
    /// [`wait`](Self::wait), because what a token names is there already or never again.
    #[allow(clippy::wrong_self_convention)] // ends the chain, as `open` does
    pub fn from_token(self, token: &str) -> Result<Shared<T, A>, OpenError> {
        self.refuse_wait("from_token")?;
        Shared::of(segment::by_token(token, self.terms())?)
    }

    /// See [`Shared::inherit`].
    ///
    /// # Errors
    ///
    /// As [`Shared::inherit`], and [`OpenError::UselessOption`] with [`wait`](Self::wait) or [`live`](Self::live).
    pub fn inherit(self, key: &str) -> Result<Shared<T, A>, OpenError> {
        self.refuse_wait("inherit")?;
        if self.live {
            return Err(OpenError::UselessOption {
                option: "live",
                verb: "inherit",
                remedy: "what is inherited is open in this process already: leave it out",
            });
        }
        let not_inherited = |reason| OpenError::NotInherited {
            key: key.to_owned(),
            reason,
        };
        let token = std::env::var(variable(key)).map_err(|_| {
            not_inherited("its environment has none (`env_clear` after `share` takes it away)")
        })?;
        match segment::inherited(&token, self.terms())? {
            Some(found) => Shared::of(found),
            None => Err(not_inherited(
                "the environment names one, but this process has no descriptor of it: it was shared with another process, which did not share it further",
            )),
        }
    }

    fn refuse_wait(self, verb: &'static str) -> Result<(), OpenError> {
        match self.wait {
            None => Ok(()),
            Some(_) => Err(OpenError::UselessOption {
                option: "wait",
                verb,
                remedy: "it is for `open`: leave it out",
            }),
        }
    }

    fn terms(self) -> Terms {
        Terms {
            writable: A::WRITABLE,
            foreign_owner: self.foreign_owner,
            live: self.live,
        }
    }
}
