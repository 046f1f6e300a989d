//! The rows of the peers that this build does not have.

use crate::harness::job::Entry;
use crate::rows::{BLACKBOARD, ICEORYX2_EVENT, MMAP_SYNC, RAW_SYNC_EVENT, RAW_SYNC_MUTEX, REDIS};
use crate::work::peer::Peer;
use crate::work::recovery;

const WHY: &str = "this program was built without the feature `peers`";

pub(super) struct LeftOut;

fn absent<const N: usize>(names: [&'static str; N]) -> Vec<Entry> {
    names.map(|name| Entry::absent(name, WHY)).into()
}

impl Peer for LeftOut {
    fn counters(&self) -> Vec<Entry> {
        absent([RAW_SYNC_MUTEX, BLACKBOARD, MMAP_SYNC, REDIS])
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        self.counters()
    }

    fn fields(&self, _count: usize) -> Vec<Entry> {
        absent([REDIS])
    }

    fn segments(&self) -> Vec<Entry> {
        absent([BLACKBOARD])
    }

    fn hand_overs(&self) -> Vec<Entry> {
        absent([RAW_SYNC_EVENT, ICEORYX2_EVENT])
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        let names = [RAW_SYNC_MUTEX, BLACKBOARD, MMAP_SYNC, REDIS];
        names.map(|name| (name, Err(WHY.to_owned()))).into()
    }
}
