//! What one row of the field table says, apart from its name and what people are told: the part that is hashed.

#![allow(unsafe_code)]

use bytemuck::{Pod, Zeroable};

use super::kind::{EntryKind, Variant, Zero};

/// How a field is accessed: the numbers of the field table.
pub(crate) const ACCESS_NONE: u8 = 0;
pub(crate) const ACCESS_ATOMIC: u8 = 1;
pub(crate) const ACCESS_WATCHED: u8 = 2;
pub(crate) const ACCESS_LOCKED: u8 = 3;

/// In the form in which they lie in the segment.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Facts {
    pub kind: u16,
    pub access: u8,
    pub zero: u8,
    pub depth: u32,
    pub offset: u64,
    pub size: u64,
    pub count: u64,
    pub stride: u64,
    pub value: u64,
}

// SAFETY: all fields may be zero.
unsafe impl Zeroable for Facts {}
// SAFETY: integers, in an order that leaves no padding: their sizes add up to that of the struct.
unsafe impl Pod for Facts {}

impl Facts {
    /// Of one value of that kind, outside of images.
    pub(super) const fn of(kind: EntryKind, size: usize) -> Facts {
        Facts {
            kind: kind.number(),
            access: match kind {
                EntryKind::Struct | EntryKind::Array | EntryKind::Variant => ACCESS_NONE,
                EntryKind::Locked => ACCESS_LOCKED,
                _ => ACCESS_ATOMIC,
            },
            zero: 0,
            depth: 0,
            offset: 0,
            size: size as u64,
            count: 1,
            stride: 0,
            value: 0,
        }
    }

    pub(super) const fn of_variant(variant: &Variant, depth: u32) -> Facts {
        let mut facts = Facts::of(EntryKind::Variant, 0).at(0, depth, false);
        facts.value = variant.value;
        facts
    }

    /// What a zero means in a scalar.
    pub(crate) fn zero(&self) -> Zero {
        match self.zero {
            1 => Zero::Invalid,
            2 => Zero::Absent,
            _ => Zero::Number,
        }
    }

    /// The same as a slot of `size` bytes that can be waited for, with its event word at `event`.
    pub(super) const fn watched(mut self, size: usize, event: usize) -> Facts {
        self.access = ACCESS_WATCHED;
        self.size = size as u64;
        self.value = event as u64;
        self
    }

    /// The same at its place: what lies in an image is accessed under the lock.
    pub(super) const fn at(mut self, offset: usize, depth: u32, in_image: bool) -> Facts {
        self.offset = offset as u64;
        self.depth = depth;
        if in_image && self.access == ACCESS_ATOMIC {
            self.access = ACCESS_LOCKED;
        }
        self
    }
}
