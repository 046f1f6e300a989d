//! Finds from a slot's address which field of which segment it is, for errors.
//!
//! A list of what this process has mapped, under a lock that a fork cannot leave taken for ever. The lock's word is the
//! generation of the process that holds it (see [`sys::identity`](crate::sys::identity)). A word of another generation
//! was copied by a fork: its holder is a thread of the parent, so in this process the lock is free. The list is whole
//! even if that thread was changing it, because each change is a single store. Not covered: a signal handler that
//! interrupts such a change, forks, and goes on in the child as the interrupted thread; a handler must not open or drop
//! handles anyway, because both allocate.

#![allow(unsafe_code)]

use core::ptr::{self, NonNull};
use std::time::Duration;

use crate::error::label;
use crate::format::kind::EntryKind;
use crate::format::path::prepend;
use crate::format::shape::{FieldShape, Shape};
use crate::sync::{AtomicPtr, AtomicU64, Ordering};
use crate::sys::identity;

/// What is mapped, newest first. Invariant: each entry is a box that lives until its [`Registered`] is dropped, and is
/// looked at under the lock only, except by its `Registered`.
static FIRST: AtomicPtr<Registration> = AtomicPtr::new(ptr::null_mut());

/// 0 if it is free, or the generation of the process whose thread holds it.
static LOCK: AtomicU64 = AtomicU64::new(0);

/// How often a look-up tries to take the lock. An error may be made in a signal handler that has interrupted the holder:
/// then the look-up gives up, and the error does not name the field.
const TRIES: u32 = 10_000;

#[derive(Debug)]
struct Registration {
    /// Of the slots.
    start: usize,
    len: usize,
    shape: &'static Shape,
    /// Of the segment, if it has one.
    name: Option<String>,
    next: AtomicPtr<Registration>,
}

/// The entry of some mapped slots. It must be dropped before they are unmapped.
#[derive(Debug)]
pub(crate) struct Registered(NonNull<Registration>);

// SAFETY: the entry is only read, except for `next`, which is atomic.
unsafe impl Send for Registered {}
// SAFETY: as above.
unsafe impl Sync for Registered {}

impl Registered {
    /// The slots of a segment with that name, if it has one.
    pub(crate) fn new(slots: NonNull<u8>, shape: &'static Shape, name: Option<&str>) -> Registered {
        let entry = Box::new(Registration {
            start: slots.addr().get(),
            len: shape.size(),
            shape,
            name: name.map(str::to_owned),
            next: AtomicPtr::new(ptr::null_mut()),
        });
        let entry = NonNull::from(Box::leak(entry));
        under_lock(None, || {
            let first = FIRST.load(Ordering::Relaxed);
            // SAFETY: the invariant of `FIRST`.
            let next = &unsafe { entry.as_ref() }.next;
            next.store(first, Ordering::Relaxed);
            // The next holder of the lock sees the entry through the lock. A forked child may find the lock still taken,
            // so for it this store releases as well.
            FIRST.store(entry.as_ptr(), Ordering::Release);
        });
        Registered(entry)
    }
}

/// Walks the list: some nanoseconds for each mapping that was entered later.
impl Drop for Registered {
    fn drop(&mut self) {
        under_lock(None, || {
            let mut link = &FIRST;
            while let Some(entry) = NonNull::new(link.load(Ordering::Acquire)) {
                // SAFETY: the invariant of `FIRST`, under the lock.
                let next = &unsafe { entry.as_ref() }.next;
                if entry == self.0 {
                    link.store(next.load(Ordering::Relaxed), Ordering::Release);
                    return;
                }
                link = next;
            }
        });
        // SAFETY: it came from a box, and it can no longer be found: it has been removed, under the lock, from the list,
        // which is the only other way to it.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

/// The segment, as messages call it, and the path of the slot that lies at that address. Takes some 100 ns, and a
/// few more for each other mapping of this process: the list is walked.
#[cold]
pub(crate) fn find(address: usize, shape: &'static Shape) -> Option<(String, String)> {
    let found = under_lock(Some(TRIES), || {
        let mut link = &FIRST;
        while let Some(entry) = NonNull::new(link.load(Ordering::Acquire)) {
            // SAFETY: the invariant of `FIRST`, under the lock.
            let entry = unsafe { entry.as_ref() };
            let offset = address.wrapping_sub(entry.start);
            if offset < entry.len {
                return Some((entry.name.clone(), entry.shape, offset));
            }
            link = &entry.next;
        }
        None
    });
    let (name, within, offset) = found??;
    let segment = match name {
        Some(name) => label(Some(&name)),
        None => "an anonymous segment".to_owned(),
    };
    Some((segment, path(within, offset, shape)))
}

/// The path of the slot of the shape `slot` at that offset.
fn path(within: &'static Shape, offset: usize, slot: &'static Shape) -> String {
    // Several slots, one within the other, may start at one offset. The right one has the same shape; those around it
    // have more parts.
    let is_slot = within.size() == slot.size() && within.fingerprint() == slot.fingerprint();
    if offset == 0 && is_slot {
        return String::new();
    }
    let (name, part, start) = match (within.kind, within.parts()) {
        (Some(EntryKind::Struct), fields) => {
            let holds = |field: &&FieldShape| {
                (field.offset..field.offset + field.shape.size()).contains(&offset)
            };
            let Some(field) = fields.iter().find(holds) else {
                return String::new();
            };
            (field.name.to_owned(), field.shape, field.offset)
        }
        (Some(EntryKind::Array), [element]) => {
            let index = offset / within.stride();
            let start = index * within.stride();
            (format!("[{index}]"), element.shape, start)
        }
        _ => return String::new(),
    };
    let mut path = path(part, offset - start, slot);
    prepend(&mut path, &name);
    path
}

/// Calls `f` under the lock; `None` if the lock could not be taken in that many tries.
fn under_lock<R>(tries: Option<u32>, f: impl FnOnce() -> R) -> Option<R> {
    // An error means that no segment can be mapped: mapping one needs the page that detects forks.
    let me = identity::generation().ok()?;
    let (mut tried, mut found) = (0, 0);
    while let Err(now) = LOCK.compare_exchange(found, me, Ordering::Acquire, Ordering::Relaxed) {
        // A word of another generation was left by a fork, and may be replaced.
        found = if now == me { 0 } else { now };
        tried += 1;
        if tries.is_some_and(|tries| tried > tries) {
            return None;
        }
        core::hint::spin_loop();
        if tried % 64 == 0 {
            std::thread::yield_now();
        }
        if tried % 4096 == 0 {
            // The holder may have a lower priority.
            std::thread::sleep(Duration::from_micros(100));
        }
    }
    let result = f();
    // It fails if this is a child that was forked meanwhile and whose other thread has taken the lock: that one keeps
    // it.
    let _ = LOCK.compare_exchange(me, 0, Ordering::Release, Ordering::Relaxed);
    Some(result)
}
