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

/// The memory of a segment that this process has mapped.
///
/// Invariant: `slots_offset` is a multiple of 64, and the slots of the definition that the segment was
/// built or opened with lie there, within the mapping.
#[derive(Debug)]
pub(super) struct Memory {
    // Dropped before the mapping: it names the fields of the slots that are mapped there.
    registered: Option<Registered>,
    mapping: Mapping,
    slots_offset: usize,
}

impl Memory {
    /// The invariant must hold.
    pub(super) fn new(mapping: Mapping, slots_offset: usize) -> Memory {
        Memory {
            registered: None,
            mapping,
            slots_offset,
        }
    }

    /// Where the slots lie; valid as long as the memory.
    pub(super) fn slots(&self) -> NonNull<u8> {
        let address = self.mapping.base().as_ptr().wrapping_add(self.slots_offset);
        NonNull::new(address).expect("a mapping does not wrap around the address space")
    }

    /// From here on, the errors of its slots, which must be of this shape, name their fields.
    pub(super) fn register(&mut self, shape: &'static Shape, name: Option<&str>) {
        if self.registered.is_none() {
            self.registered = Some(Registered::new(self.slots(), shape, name));
        }
    }
}

/// A segment that this process has mapped.
#[derive(Debug)]
pub(crate) struct Segment {
    // Dropped before the memory: its drop may remove the name if that still means the file, and while
    // the file is mapped, no other can have its number.
    origin: Arc<Origin>,
    memory: Memory,
}

impl Segment {
    pub(super) fn new(memory: Memory, id: u128, backing: Backing) -> Segment {
        Segment {
            origin: Arc::new(Origin { id, backing }),
            memory,
        }
    }

    /// From here on, the errors of its slots, which must be of this shape, name their fields.
    pub(crate) fn register(&mut self, shape: &'static Shape) {
        self.memory.register(shape, self.origin.name());
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Where the slots lie; valid as long as the segment.
    pub(crate) fn slots(&self) -> NonNull<u8> {
        self.memory.slots()
    }

    /// The first `len` bytes of the slots, if there are as many.
    pub(crate) fn region(&self, len: usize) -> Option<Region<'_>> {
        let memory = &self.memory;
        memory.mapping.region().part(memory.slots_offset, len)
    }

    pub(crate) fn writable(&self) -> bool {
        self.memory.mapping.writable()
    }

    /// A view of the same segment that cannot be written through.
    pub(crate) fn read_only(&self) -> std::io::Result<Segment> {
        let mapping = self.memory.mapping.read_only()?;
        Ok(Segment {
            origin: Arc::clone(&self.origin),
            memory: Memory::new(mapping, self.memory.slots_offset),
        })
    }
}
