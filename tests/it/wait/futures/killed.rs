//! Writers that are killed before they have told.

use super::drive::{Bell, block_on, once_it_waits, poll};
use super::fields::{FIELDS, Slots, board, field};
use super::support::watchdog;
use super::tracer::{Step, Traced, stop, trace};

/// Where a writer dies.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// After the instruction that makes the change.
    Changed,
    /// Before the system call that wakes those who sleep.
    AboutToWake,
}

fn writer(slots: &Slots, index: usize, number: u32) -> Traced {
    let traced = trace(|| {
        // The first time it finds out who it is, which takes long.
        slots.pairs[2].modify(|pair| pair.low += 1);
        // It wakes who waits, too, when it takes the lock over from the last one.
        field(slots, index).put(number - 1);
        stop();
        field(slots, index).put(number);
    });
    traced.run_to_stop();
    traced
}

/// Here the sleeps have their bounds. If it were wrong, it would hang.
pub(crate) fn a_task_gets_on_whose_writer_was_killed_before_it_could_tell() {
    watchdog(100);
    let board = board();
    for index in 0..FIELDS {
        let field = field(&board, index);
        for (place, number) in [(Place::Changed, 1), (Place::AboutToWake, 2)] {
            println!("field {index}, {place:?}");
            let writer = writer(&board, index, number);
            let mut waits = [field.changed(), field.reach(number)];
            let [changed, reached] = &mut waits;
            let both = async {
                changed.await;
                reached.await;
            };
            block_on(once_it_waits(both, || {
                match place {
                    Place::Changed => {
                        let mut look = field.reach(number);
                        while poll(&mut look, &Bell::new()).is_pending() {
                            assert_eq!(writer.step_instruction(), Step::Instruction);
                        }
                    }
                    Place::AboutToWake => writer.run_until(&[libc::SYS_futex]),
                }
                writer.kill();
            }));
        }
    }
}
