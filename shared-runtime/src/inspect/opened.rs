//! A segment that was opened without its type.

use std::time::Duration;

use super::tree::Tree;
use crate::error::label;
use crate::format::HeaderError;
use crate::format::header::Header;
use crate::region::Region;
use crate::segment::{Found, OpenError, Segment};
use crate::sys::identity::this_process;

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
        match tree {
            Ok(tree) => Ok(Opened {
                segment,
                header,
                tree,
                lock_timeout,
            }),
            Err(reason) => Err(OpenError::Header {
                segment: label(segment.origin().name()),
                reason: HeaderError::Table { reason },
            }),
        }
    }

    /// The name by which it was opened, if there was one.
    pub(super) fn name(&self) -> Option<&str> {
        self.segment.origin().name()
    }

    /// The bytes of the slots, as many as the table says.
    pub(super) fn region(&self) -> Region<'_> {
        let region = self.segment.region(self.tree.size(0));
        region.expect("the slots lie within the segment, as its header was checked to say")
    }

    /// Whether process and thread ids in the segment have the same meaning in this process.
    pub(super) fn is_of_our_namespaces(&self) -> bool {
        this_process().is_ok_and(|me| {
            me.differing_namespace(&crate::segment::creator(&self.header))
                .is_none()
        })
    }
}
