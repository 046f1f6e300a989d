//! What a peer has to offer to be in the tables.

use super::recovery;
use crate::harness::Entry;

/// The rows of a peer, for each kind of work that it can do.
pub(crate) trait Peer {
    fn counters(&self) -> Vec<Entry> {
        Vec::new()
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        Vec::new()
    }

    fn fields(&self, _count: usize) -> Vec<Entry> {
        Vec::new()
    }

    fn segments(&self) -> Vec<Entry> {
        Vec::new()
    }

    fn hand_overs(&self) -> Vec<Entry> {
        Vec::new()
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        Vec::new()
    }
}
