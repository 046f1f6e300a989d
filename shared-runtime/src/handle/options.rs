//! Creating and opening with other than the defaults.

#![allow(unsafe_code)]

use core::fmt;
use std::thread;
use std::time::{Duration, Instant};

use super::{Shared, SlotOf, Without};
use crate::access::{Access, Write};
use crate::error::{SystemError, label};
use crate::format::CapacityExceeded;
use crate::segment::{self, Request, Segment};
use crate::segment::{CreateError, OpenError};
use crate::slot::field::{SharedState, Zeroed};
use crate::slot::registry::Registered;
use crate::sys::owner;

/// How to create or open a segment: see [`Shared::options`].
///
/// ```
/// use shmstate::Shared;
/// use std::time::Duration;
///
/// let name = format!("doc-options-{}", std::process::id());
/// let ours = Shared::<u64>::options().mode(0o660).create(&name, 1)?;
/// let theirs = Shared::<u64>::options().wait(Duration::from_secs(5)).open(&name)?;
/// assert_eq!(theirs.get(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Options<T, A: Access = Write> {
    request: Request,
    foreign_owner: bool,
    wait: Option<Duration>,
    state: Without<(T, A)>,
}

impl<T, A: Access> Default for Options<T, A> {
    fn default() -> Self {
        Options {
            request: Request {
                mode: 0o600,
                keep_name: false,
                replace_stale: false,
            },
            foreign_owner: false,
            wait: None,
            state: Without::default(),
        }
    }
}

impl<T, A: Access> Clone for Options<T, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T, A: Access> Copy for Options<T, A> {}

impl<T, A: Access> fmt::Debug for Options<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("mode", &format_args!("{:#o}", self.request.mode))
            .field("keep_name", &self.request.keep_name)
            .field("replace_stale", &self.request.replace_stale)
            .field("foreign_owner", &self.foreign_owner)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}

impl<T: SharedState, A: Access> Options<T, A> {
    /// When opening, waits up to `duration` for the name to appear. The default is not to wait. The name
    /// is looked up again and again, with pauses of up to 10 ms.
    #[must_use]
    pub fn wait(mut self, duration: Duration) -> Self {
        self.wait = Some(duration);
        self
    }

    /// When opening, accepts a segment that belongs to another user, who could then change it, and also
    /// truncate it, which ends a process that touches it with `SIGBUS`. The default is to refuse it.
    #[must_use]
    pub fn foreign_owner(mut self, accept: bool) -> Self {
        self.foreign_owner = accept;
        self
    }

    /// See [`Shared::open`].
    ///
    /// # Errors
    ///
    /// As [`Shared::open`], and [`OpenError::TimedOut`] after the time given with [`wait`](Self::wait).
    pub fn open(self, name: &str) -> Result<Shared<T, A>, OpenError> {
        let expected = Shared::<T, A>::expected(self.foreign_owner);
        let start = Instant::now();
        let mut pause = Duration::from_micros(100);
        loop {
            let waited = start.elapsed();
            match segment::by_name(name, expected) {
                Ok(segment) => return Ok(Shared::from_segment(segment)),
                Err(OpenError::NotFound { name, .. }) => match self.wait {
                    None => {
                        return Err(OpenError::NotFound {
                            name,
                            existing: segment::existing(segment::NAMES_SHOWN),
                        });
                    }
                    Some(limit) if waited >= limit => {
                        return Err(OpenError::TimedOut {
                            name,
                            waited: limit,
                        });
                    }
                    Some(limit) => thread::sleep(pause.min(limit.saturating_sub(waited))),
                },
                Err(error) => return Err(error),
            }
            pause = (pause * 2).min(Duration::from_millis(10));
        }
    }
}

impl<T: SharedState, A: Access> Options<T, A> {
    /// See [`Shared::from_token`]. [`wait`](Self::wait) does not count here.
    ///
    /// # Errors
    ///
    /// As [`Shared::from_token`].
    #[allow(clippy::wrong_self_convention)] // ends the chain, as `open` does
    pub fn from_token(self, token: &str) -> Result<Shared<T, A>, OpenError> {
        let expected = Shared::<T, A>::expected(self.foreign_owner);
        Ok(Shared::from_segment(segment::by_token(token, expected)?))
    }

    /// See [`Shared::inherit`]. [`wait`](Self::wait) does not count here.
    ///
    /// # Errors
    ///
    /// As [`Shared::inherit`].
    pub fn inherit(self, key: &str) -> Result<Shared<T, A>, OpenError> {
        let not_inherited = |reason| OpenError::NotInherited {
            key: key.to_owned(),
            reason,
        };
        let token = std::env::var(super::children::variable(key)).map_err(|_| {
            not_inherited("its environment has none (`env_clear` after `share` takes it away)")
        })?;
        let expected = Shared::<T, A>::expected(self.foreign_owner);
        match segment::inherited(&token, expected)? {
            Some(segment) => Ok(Shared::from_segment(segment)),
            None => Err(not_inherited(
                "the environment names one, but this process has no descriptor of it: it was shared with another process, which did not share it further",
            )),
        }
    }
}

impl<T: SharedState> Options<T> {
    /// The permission bits of the segment's file, as for `chmod`, whatever the umask is: the low nine bits,
    /// and always the owner's permission to read, without which the name could not be removed. The default
    /// is 0600. For named segments only.
    #[must_use]
    pub fn mode(mut self, bits: u32) -> Self {
        self.request.mode = bits & 0o777 | 0o400;
        self
    }

    /// The name outlives its creator, until [`remove`](crate::remove). The default is that the creating
    /// process removes it with its last handle.
    #[must_use]
    pub fn keep_name(mut self, keep: bool) -> Self {
        self.request.keep_name = keep;
        self
    }

    /// When creating, replaces a segment of the same name if it is stale: no process has it open or mapped
    /// (the kernel is asked, so this holds across users and containers), and it was not created with
    /// [`keep_name`](Self::keep_name). That is what a killed creator leaves. The default is to fail with
    /// [`CreateError::AlreadyExists`].
    #[must_use]
    pub fn replace_stale(mut self, replace: bool) -> Self {
        self.request.replace_stale = replace;
        self
    }

    /// See [`Shared::new`].
    ///
    /// # Errors
    ///
    /// As [`Shared::new`].
    #[allow(clippy::new_ret_no_self, clippy::wrong_self_convention)] // ends the chain, as `create` does
    pub fn new(self, value: T) -> Result<Shared<T>, CreateError> {
        self.build(None, |slots| put(value, slots), false)
    }

    /// See [`Shared::zeroed`].
    ///
    /// # Errors
    ///
    /// As [`Shared::zeroed`].
    pub fn zeroed(self) -> Result<Shared<T>, CreateError>
    where
        T: Zeroed,
    {
        self.build(None, |_| Ok(()), false)
    }

    /// See [`Shared::new_with`].
    ///
    /// # Errors
    ///
    /// As [`Shared::new_with`].
    pub fn new_with(self, fill: impl FnOnce(&T::Slots)) -> Result<Shared<T>, CreateError> {
        self.build(None, filled(fill), true)
    }

    /// See [`Shared::create`].
    ///
    /// # Errors
    ///
    /// As [`Shared::create`].
    pub fn create(self, name: &str, value: T) -> Result<Shared<T>, CreateError> {
        self.build(Some(name), |slots| put(value, slots), false)
    }

    /// See [`Shared::create_zeroed`].
    ///
    /// # Errors
    ///
    /// As [`Shared::create_zeroed`].
    pub fn create_zeroed(self, name: &str) -> Result<Shared<T>, CreateError>
    where
        T: Zeroed,
    {
        self.build(Some(name), |_| Ok(()), false)
    }

    /// See [`Shared::create_with`].
    ///
    /// # Errors
    ///
    /// As [`Shared::create_with`].
    pub fn create_with(
        self,
        name: &str,
        fill: impl FnOnce(&T::Slots),
    ) -> Result<Shared<T>, CreateError> {
        self.build(Some(name), filled(fill), true)
    }

    /// See [`Shared::open_or_create`]. [`wait`](Self::wait) does not count here.
    ///
    /// # Errors
    ///
    /// As [`Shared::open_or_create`].
    pub fn open_or_create(
        self,
        name: &str,
        value: impl FnOnce() -> T,
    ) -> Result<Shared<T>, CreateError> {
        self.open_or(name, |slots| put(value(), slots), false)
    }

    /// See [`Shared::open_or_create_with`]. [`wait`](Self::wait) does not count here.
    ///
    /// # Errors
    ///
    /// As [`Shared::open_or_create_with`].
    pub fn open_or_create_with(
        self,
        name: &str,
        fill: impl FnOnce(&T::Slots),
    ) -> Result<Shared<T>, CreateError> {
        self.open_or(name, filled(fill), true)
    }

    fn open_or(
        self,
        name: &str,
        fill: impl FnOnce(&T::Slots) -> Result<(), CapacityExceeded>,
        check: bool,
    ) -> Result<Shared<T>, CreateError> {
        let expected = Shared::<T>::expected(self.foreign_owner);
        let request = self.request;
        let theirs = || match segment::unless_stale(name, request, expected) {
            Ok(segment) => Ok(Some(segment)),
            Err(OpenError::NotFound { .. }) => Ok(None),
            Err(error) => Err(CreateError::Open(error)),
        };
        let fill = Self::filling(Some(name), fill, check);
        let layout = Shared::<T>::LAYOUT;
        let segment = segment::named_unless(name, self.request, layout, fill, theirs)?;
        Ok(Shared::from_segment(segment))
    }

    fn build(
        self,
        name: Option<&str>,
        fill: impl FnOnce(&T::Slots) -> Result<(), CapacityExceeded>,
        check: bool,
    ) -> Result<Shared<T>, CreateError> {
        let layout = Shared::<T>::LAYOUT;
        let fill = Self::filling(name, fill, check);
        let segment = match name {
            Some(name) => segment::named(name, self.request, layout, fill),
            None => segment::anonymous(layout, fill),
        }?;
        Ok(Shared::from_segment(segment))
    }

    /// Fills the slots of a segment built with `LAYOUT`; `check` whether the initialiser has left a value
    /// in every field.
    fn filling(
        name: Option<&str>,
        fill: impl FnOnce(&T::Slots) -> Result<(), CapacityExceeded>,
        check: bool,
    ) -> impl FnOnce(&Segment) -> Result<(), CreateError> {
        move |segment| {
            // Storing a value in a lock-guarded slot takes its lock.
            if Shared::<T>::LAYOUT.shape.has_lock() {
                let source = owner::check().map_err(SystemError::when("tell who this thread is"));
                source.map_err(|source| CreateError::System {
                    segment: label(name),
                    source,
                })?;
            }
            let _registered = Registered::new(segment.slots(), Shared::<T>::LAYOUT.shape, name);
            let slots = segment.slots().cast::<SlotOf<T, Write>>();
            // SAFETY: the segment was just built with the layout of these slots, is writable, and lives
            // longer than this borrow.
            let slots = unsafe { slots.as_ref() };
            fill(slots).map_err(|source| CreateError::CapacityExceeded {
                segment: label(name),
                source,
            })?;
            if !check {
                return Ok(());
            }
            crate::walk::check(slots).map_err(|source| CreateError::Invalid {
                segment: label(name),
                source,
            })
        }
    }
}

/// Stores a value, if it fits.
fn put<T: SharedState>(value: T, slots: &T::Slots) -> Result<(), CapacityExceeded> {
    crate::slot::fill(slots, value)
}

/// An initialiser, which reports for itself what does not fit.
fn filled<S>(fill: impl FnOnce(&S)) -> impl FnOnce(&S) -> Result<(), CapacityExceeded> {
    |slots| {
        fill(slots);
        Ok(())
    }
}
