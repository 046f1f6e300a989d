//! Taking the lock of a slot, and holding it.

use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use std::time::Duration;

use super::error::{Unchanged, UpdateError};
use super::head::Head;
use super::word::Attempt;
use crate::sys::owner::{LockScope, OwnerId};

/// What has a lock: a lock-guarded slot, with or without its type.
pub(crate) trait Host {
    fn head(&self) -> &Head;
}

/// Locks, if nobody holds the lock or sleeps, and this thread knows who it is: the common case, to be tried before
/// [`lock`].
///
/// Always inlined, with what follows it: what is passed through memory here costs as much as the lock, whose locked
/// instruction waits for all that was written before. So is [`Guard::finish`].
#[allow(clippy::inline_always)] // measured: 5.2 ns a change instead of 15
#[inline(always)]
pub(crate) fn lock_if_free<H: Host>(host: H) -> Option<Guard<H>> {
    let lock = &host.head().lock;
    let scope = LockScope::enter_if_known(lock.as_atomic())?;
    if !lock.try_lock(LockScope::owner()) {
        scope.leave();
        return None;
    }
    Some(Guard::new(host, scope))
}

/// Locks, waiting for `limit` at most, or for as long as it takes.
#[cold]
pub(crate) fn lock<H: Host>(host: H, limit: Option<Duration>) -> Result<Guard<H>, Unchanged> {
    let head = host.head();
    let scope = LockScope::enter(head.lock.as_atomic())?;
    let attempt = head.lock_contended(LockScope::owner(), limit, scope.is_nested());
    if let Attempt::Acquired | Attempt::TakenOver = attempt {
        return Ok(Guard::new(host, scope));
    }
    scope.leave();
    let Attempt::TimedOut { word, waited } = attempt else {
        return Err(Unchanged::Reentrant);
    };
    Err(Unchanged::Because(UpdateError::LockTimeout {
        holder: OwnerId::in_word(word).map_or(0, OwnerId::process),
        waited: limit.unwrap_or(waited),
        field: String::new(),
        segment: String::new(),
    }))
}

/// The lock, held by this thread. Dropping it releases the lock without a change.
///
/// In a process that was forked since, it does nothing at all: the lock is the parent's.
pub(crate) struct Guard<H: Host> {
    host: H,
    scope: LockScope,
    /// The holder is a thread, so the guard stays with it.
    thread: PhantomData<*const ()>,
}

impl<H: Host> Guard<H> {
    #[inline]
    fn new(host: H, scope: LockScope) -> Self {
        Guard {
            host,
            scope,
            thread: PhantomData,
        }
    }

    /// What is locked.
    #[inline]
    pub(super) fn host(&self) -> &H {
        &self.host
    }

    /// Has `commit` make the change, releases the lock, and wakes the waiters for a change.
    #[allow(clippy::inline_always)] // as `lock_if_free`
    #[inline(always)]
    pub(super) fn finish(self, commit: impl FnOnce(&H)) {
        // Not by the drop, which would have the guard passed through memory.
        let guard = ManuallyDrop::new(self);
        if guard.scope.is_mine() {
            commit(&guard.host);
            let head = guard.host.head();
            let released = head.lock.try_unlock(LockScope::owner());
            if !released || head.event.is_waited_for() {
                return finish_slowly(head, released, guard.scope);
            }
            guard.scope.leave();
        } else {
            LockScope::abandon();
        }
    }
}

/// Out of line, and the last thing that is done, so that the callers' own code is that of the common case.
#[cold]
#[inline(never)]
fn finish_slowly(head: &Head, released: bool, scope: LockScope) {
    if !released {
        head.lock.unlock_contended(LockScope::owner());
    }
    head.event.notify();
    scope.leave();
}

impl<H: Host> Drop for Guard<H> {
    #[cold] // after an error, or a panic
    fn drop(&mut self) {
        if self.scope.is_mine() {
            let (lock, me) = (&self.host.head().lock, LockScope::owner());
            if !lock.try_unlock(me) {
                lock.unlock_contended(me);
            }
            self.scope.leave();
        } else {
            LockScope::abandon();
        }
    }
}
