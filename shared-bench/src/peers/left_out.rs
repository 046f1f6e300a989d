//! The rows of the peers that this build has not got.

use super::Lists;
use crate::harness::job::Entry;
use crate::work::recovery;

const WHY: &str = "this program was built without the feature `peers`";
const BLACKBOARD: &str = "`iceoryx2` blackboard";
const MMAP_SYNC: &str = "`mmap-sync`";
const MUTEX: &str = "`raw_sync` mutex";
const REDIS: &str = "Redis over loopback";

pub(super) struct LeftOut;

fn absent<const N: usize>(names: [&'static str; N]) -> Vec<Entry> {
    names.map(|name| Entry::absent(name, WHY)).into()
}

impl Lists for LeftOut {
    fn counters(&self) -> Vec<Entry> {
        absent([MUTEX, BLACKBOARD, MMAP_SYNC, REDIS])
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
        absent(["`raw_sync` event", "`iceoryx2` event"])
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        let names = [MUTEX, BLACKBOARD, MMAP_SYNC, REDIS];
        names.map(|name| (name, Err(WHY.to_owned()))).into()
    }
}
