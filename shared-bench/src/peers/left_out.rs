//! The rows of the peers that this build has not got.

use super::Lists;
use crate::harness::job::Entry;

const WHY: &str = "this program was built without the feature `peers`";

pub(super) struct LeftOut;

fn absent<const N: usize>(names: [&'static str; N]) -> Vec<Entry> {
    names.map(|name| Entry::absent(name, WHY)).into()
}

impl Lists for LeftOut {
    fn counters(&self) -> Vec<Entry> {
        absent([
            "`raw_sync`",
            "`iceoryx2` blackboard",
            "`mmap-sync`",
            "Redis",
        ])
    }

    fn records<const N: usize>(&self) -> Vec<Entry> {
        self.counters()
    }
}
