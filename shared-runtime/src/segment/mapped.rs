//! A segment that this process has mapped.

use core::ptr::NonNull;
use std::sync::Arc;

use super::origin::{Backing, Origin};
use crate::format::shape::{SLOTS_ALIGN, Shape};
use crate::region::Region;
use crate::slot::Slot;
use crate::slot::registry::Registered;
use crate::sys::memory::Mapping;

/// What the program's own type says about the slots of a segment.
#[derive(Clone, Copy)]
pub(crate) struct Definition {
    pub shape: &'static Shape,
    pub fingerprint: u64,
    pub slots_len: usize,
}

impl Definition {
    pub(crate) const fn of<S: Slot>() -> Definition {
        assert!(
            align_of::<S>() <= SLOTS_ALIGN,
            "a segment aligns its slots to 64"
        );
        Definition {
            shape: S::SHAPE,
            fingerprint: S::SHAPE.fingerprint(),
            slots_len: size_of::<S>(),
        }
    }
}

/// A segment that this process has mapped.
///
/// Invariant: `slots_offset` is a multiple of 64, and the slots of the definition that the segment was
/// built or opened with lie there, within the mapping.
#[derive(Debug)]
pub(crate) struct Segment {
    // Dropped before the mapping: its drop may remove the name if that still means the file, and while
    // the file is mapped, no other can have its number.
    origin: Arc<Origin>,
    // Dropped before the mapping, too: it names the fields of the slots that are mapped there.
    registered: Option<Registered>,
    mapping: Mapping,
    slots_offset: usize,
}

impl Segment {
    /// The invariant must hold.
    pub(super) fn new(mapping: Mapping, slots_offset: usize, id: u128, backing: Backing) -> Self {
        Segment {
            origin: Arc::new(Origin { id, backing }),
            registered: None,
            mapping,
            slots_offset,
        }
    }

    /// From here on, the errors of its slots, which must be of this shape, name their fields.
    pub(crate) fn register(&mut self, shape: &'static Shape) {
        self.registered = Some(Registered::new(self.slots(), shape, self.origin.name()));
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Where the slots lie; valid as long as the segment.
    pub(crate) fn slots(&self) -> NonNull<u8> {
        let address = self.mapping.base().as_ptr().wrapping_add(self.slots_offset);
        NonNull::new(address).expect("a mapping does not wrap around the address space")
    }

    /// The first `len` bytes of the slots, if there are as many.
    pub(crate) fn region(&self, len: usize) -> Option<Region<'_>> {
        self.mapping.region().part(self.slots_offset, len)
    }

    pub(crate) fn writable(&self) -> bool {
        self.mapping.writable()
    }

    /// A view of the same segment that cannot be written through.
    pub(crate) fn read_only(&self) -> std::io::Result<Segment> {
        Ok(Segment {
            origin: Arc::clone(&self.origin),
            registered: None,
            mapping: self.mapping.read_only()?,
            slots_offset: self.slots_offset,
        })
    }
}
