//! Waiting for other processes that are done in a moment.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// How long others are waited for that look at a file at the same time: each sees the others'
/// descriptors.
const ASKERS: Duration = Duration::from_millis(50);
/// How long one is waited for that is removing a name, which takes it microseconds if it runs at all.
const REMOVER: Duration = Duration::from_secs(1);
/// On a busy machine the time may be over before anything has been tried twice.
const FEWEST_PAUSES: u32 = 8;

/// Short pauses that become longer, until the time is over.
pub(crate) struct Patience {
    end: Instant,
    pauses: u32,
    next: Duration,
}

impl Patience {
    /// For others that ask what we ask.
    pub(crate) fn with_askers() -> Self {
        Patience::of(ASKERS)
    }

    /// For one that removes a name.
    pub(crate) fn with_remover() -> Self {
        Patience::of(REMOVER)
    }

    fn of(time: Duration) -> Self {
        Patience {
            end: Instant::now() + time,
            pauses: 0,
            next: Duration::from_micros(100),
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.pauses >= FEWEST_PAUSES && Instant::now() >= self.end
    }

    pub(crate) fn pause(&mut self) {
        // Out of step with the others that wait here, by half of the pause and more: those that began together would
        // meet each time.
        let clock = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        thread::sleep(self.next / 2 + self.next * (clock.subsec_nanos() % 1000) / 1000);
        self.next = (self.next * 2).min(Duration::from_millis(10));
        self.pauses += 1;
    }
}
