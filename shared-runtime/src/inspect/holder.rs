//! The state of the lock of a slot.

use super::field::Field;
use crate::access::Access;
use crate::segment::creator;
use crate::sys::identity::this_process;
use crate::sys::owner::OwnerId;

/// Who holds the lock of a slot, as far as the lock says: see [`Field::holder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder {
    /// The id of the thread; `None` if it has ended and the kernel has marked the lock so, or the lock names nobody.
    pub thread: Option<u32>,
    /// The id of its process; `None` if that is not known, as for a dead thread.
    pub process: Option<u32>,
    /// Whether it lives; `None` if that is not known: the segment is of another namespace, or `/proc` is hidden. The
    /// lock of a dead holder is taken over by the next thread that wants it.
    pub alive: Option<bool>,
}

impl<A: Access> Field<'_, A> {
    /// How often the lock-guarded slot that it is, or lies in, was changed, modulo 2^64; `None` for what is not locked.
    pub fn version(&self) -> Option<u64> {
        Some(self.locked()?.version())
    }

    /// How often the lock was taken over from a dead holder, modulo 2^32; `None` for what is not locked.
    pub fn recoveries(&self) -> Option<u64> {
        Some(self.locked()?.recoveries())
    }

    /// Who holds its lock at this moment; `None` if nobody does, or it is not locked. Reads `/proc`.
    pub fn holder(&self) -> Option<Holder> {
        let owner = OwnerId::in_word(self.locked()?.lock_word())?;
        // Elsewhere, process and thread ids mean something else.
        let creator = creator(&self.opened.header);
        let here = this_process().is_ok_and(|me| me.differing_namespace(&creator).is_none());
        let thread = owner.thread();
        let alive = match thread {
            None => Some(false),
            Some(_) if here => owner.is_alive(),
            Some(_) => None,
        };
        Some(Holder {
            thread,
            process: (alive == Some(true)).then(|| owner.process()),
            alive,
        })
    }
}
