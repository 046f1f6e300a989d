//! One mapping: header, field table, slots; how it comes to be, and how it is found again.

mod build;
mod create_error;
mod open;
mod open_error;
mod origin;
mod remove;
mod remove_error;
mod token;

pub(crate) use build::{Request, anonymous, named, named_unless};
pub(crate) use open::{Expected, by_name, by_token, inherited, unless_stale};
pub(crate) use origin::{Descriptor, Origin, Place};
pub(crate) use token::Token;

pub use create_error::CreateError;
pub use open_error::OpenError;
pub use remove::remove;
pub(crate) use remove::{NAMES_SHOWN, existing};
pub use remove_error::RemoveError;

use core::ptr::NonNull;
use std::sync::Arc;

use crate::format::header::Header;
use crate::format::shape::{SLOTS_ALIGN, Shape};
use crate::format::table::Table;
use crate::region::Region;
use crate::slot::Slot;
use crate::slot::registry::Registered;
use crate::sys::mapping::Mapping;

/// What the program knows about the slots of a segment without looking: the type, in other words.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    pub shape: &'static Shape,
    pub fingerprint: u64,
    pub slots_len: usize,
}

impl Layout {
    pub(crate) const fn of<S: Slot>() -> Layout {
        assert!(
            align_of::<S>() <= SLOTS_ALIGN,
            "a segment aligns its slots to 64"
        );
        Layout {
            shape: S::SHAPE,
            fingerprint: S::SHAPE.fingerprint(),
            slots_len: size_of::<S>(),
        }
    }
}

/// A segment that this process has mapped.
///
/// Invariant: `slots_offset` is a multiple of 64, and the slots of the layout that the segment was
/// built or opened with lie there, within the mapping.
#[derive(Debug)]
pub(crate) struct Segment {
    // Dropped before the mapping: its drop may remove the name if that still means the file, and while
    // the file is mapped, no other can have its number.
    origin: Arc<Origin>,
    // As is this, which names the fields of slots at these addresses.
    registered: Option<Registered>,
    mapping: Mapping,
    slots_offset: usize,
    description: Option<Box<Description>>,
}

/// What a segment says of itself: private copies, checked one by one.
#[derive(Clone, Debug)]
pub(crate) struct Description {
    pub header: Header,
    pub table: Table,
}

impl Segment {
    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Where the slots lie; valid as long as the segment.
    pub(crate) fn slots(&self) -> NonNull<u8> {
        let address = self.mapping.base().as_ptr().wrapping_add(self.slots_offset);
        NonNull::new(address).expect("a mapping does not wrap around the address space")
    }

    /// The slots, if they are as many bytes.
    pub(crate) fn region(&self, len: usize) -> Option<Region<'_>> {
        self.mapping.region().part(self.slots_offset, len)
    }

    /// Of a segment that was opened as whatever it is, the first time that this is called.
    pub(crate) fn take_description(&mut self) -> Option<Description> {
        self.description.take().map(|description| *description)
    }

    /// From here on, the errors of its slots name their fields. The slots must be of this shape.
    pub(crate) fn register(&mut self, shape: &'static Shape) {
        let name = match &self.origin.place {
            Place::Named { name, .. } => Some(name.as_str()),
            Place::Anonymous { .. } => None,
        };
        self.registered = Some(Registered::new(self.slots(), shape, name));
    }

    /// Where it is mapped.
    pub(crate) fn address(&self) -> usize {
        self.mapping.base().addr().get()
    }

    pub(crate) fn writable(&self) -> bool {
        self.mapping.writable()
    }

    /// A view of the same segment that cannot be written through.
    pub(crate) fn read_only(&self) -> std::io::Result<Segment> {
        Ok(Segment {
            mapping: self.mapping.read_only()?,
            slots_offset: self.slots_offset,
            origin: Arc::clone(&self.origin),
            description: self.description.clone(),
            registered: None,
        })
    }
}
