//! A segment that was opened without its type.

use std::time::Duration;

use super::tree::{Tree, TreePart};
use crate::error::label;
use crate::format::HeaderError;
use crate::format::header::Header;
use crate::segment::{Found, OpenError, Segment};
use crate::walk::{Bytes, Node, Part};

/// The segment behind an inspector, and behind each of its fields.
pub(super) struct Opened {
    pub segment: Segment,
    pub header: Header,
    pub tree: Tree,
    /// How long a change waits for a lock; without a limit if `None`.
    pub lock_timeout: Option<Duration>,
}

impl Opened {
    /// Reads and checks the field table.
    pub(super) fn new(found: Found, lock_timeout: Option<Duration>) -> Result<Opened, OpenError> {
        let (segment, header, table) = found.described()?;
        let tree = if table.fingerprint() == header.fingerprint {
            Tree::new(table, header.slots_len)
        } else {
            Err("it is not the one of which the header has the fingerprint")
        };
        let tree = tree.map_err(|reason| OpenError::Header {
            segment: label(segment.origin().name()),
            reason: HeaderError::Table { reason },
        })?;
        Ok(Opened {
            segment,
            header,
            tree,
            lock_timeout,
        })
    }

    /// The slots, as many bytes as the table says.
    pub(super) fn slots(&self) -> TreePart<'_> {
        let root = self.tree.root();
        let region = self.segment.region(root.size());
        let region =
            region.expect("the slots lie within the segment, as its header was checked to say");
        Part::new(Bytes::Shared(region), root)
    }
}
