//! A reader that stands still while writers go on.

use shmstate::{Locked, ReadOnly, Shared};

use super::slot::SlotFile;
use super::subjects::Block;
use super::support::{amount, assert_success, name, watchdog};
use super::sweep::{Sweep, Way, run_to};

type Eight = Block<8>;

const IMAGES: u64 = 4;

struct Stage<'a> {
    slot: &'a Locked<Eight>,
    sweep: Sweep<'a>,
    /// Of one change.
    writers_way: Way,
}

impl Stage<'_> {
    fn change(&self) {
        self.slot.modify(|block| {
            let next = block.number() + 1;
            *block = Block::of(next);
        });
    }

    /// Makes so many changes, and half of another: of that, the lock and half of the image are stored, and
    /// its writer is dead when `meanwhile` has been done.
    fn changes_and_a_half(&self, changes: u64, meanwhile: impl FnOnce()) {
        for _ in 0..changes {
            self.change();
        }
        let writer = self.sweep.at_the_start(&|| self.change());
        // The first store is the lock, then come the words of the image.
        let there = run_to(
            &writer,
            &self.writers_way.addresses,
            self.writers_way.changes[4],
        );
        assert!(there, "the writer has gone another way");
        meanwhile();
        writer.kill();
    }

    /// Stops the reader at each of some instructions while writers come so far, and lets it go on.
    fn overtake(&self, reader: &impl Fn(), changes: u64) {
        let way = self.sweep.record(reader);
        let each = way.addresses.len().div_ceil(amount(10, 50));
        for at in (0..way.addresses.len()).step_by(each) {
            let traced = self.sweep.at_the_start(reader);
            let there = run_to(&traced, &way.addresses, at);
            assert!(there, "the reader has gone another way");
            self.changes_and_a_half(changes, || {
                traced.run_to_stop(); // behind what it does, unless that panics
                assert_success(traced.finish());
            });
        }
        // Takes over from the last.
        self.change();
    }
}

// If wrong: "a torn block: [8, 8, 8, 8, 4, 4, 4, 4]".
pub(crate) fn a_reader_overtaken_at_any_instruction_reads_a_whole_value() {
    watchdog(300);
    let name = name("eight");
    let state = Shared::create(&name, Eight::of(1)).expect("create");
    let view = ReadOnly::<Eight>::open(&name).expect("open");
    let file = SlotFile::of(&name);
    let sweep = Sweep {
        file: &file,
        len: 64 + 4 * 64,
        kills: 0,
        meanwhile: None,
        asleep: None,
    };
    let mut stage = Stage {
        slot: &state,
        sweep,
        writers_way: Way::default(),
    };
    let way = stage.sweep.record(&|| stage.change());
    assert!(way.changes.len() > 8, "too few words");
    stage.writers_way = way;
    for changes in 0..=IMAGES + 1 {
        stage.overtake(
            &|| {
                state.get().number();
            },
            changes,
        );
        stage.overtake(
            &|| {
                view.get().number();
            },
            changes,
        );
    }
}
