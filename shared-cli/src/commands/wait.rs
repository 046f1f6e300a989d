//! `shmstate wait`

use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};

use shmstate::access::Access;
use shmstate::inspect::{Value, WaitError};
use shmstate::{Inspector, OpenError};

use super::find;
use crate::args::Wait;
use crate::condition::{Condition, Test};
use crate::failure::Failure;
use crate::output::clean;
use crate::target::{self, Standing};

/// At least so often it is looked whether the segment is still there; and so seldom that it takes a twentieth of the
/// time at most.
const LOOK: Duration = Duration::from_secs(1);
const LOOK_SHARE: u32 = 20;

/// A segment that is not there yet, or that nobody has, is looked for so often.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) fn run(args: &Wait, trusting: bool) -> Result<(), Failure> {
    let wait = Wanted {
        args,
        trusting,
        condition: Condition::parse(&args.condition, args.value.as_deref())?,
        // A time that no clock reaches is no limit.
        end: args
            .timeout
            .and_then(|limit| Instant::now().checked_add(limit)),
    };
    let options = || Inspector::options().foreign_owner(trusting);
    // Who sleeps until it is woken leaves word in the segment. Where that is not allowed, looking now and then does.
    match wait.appear(|| target::open(&args.name, options().writable())) {
        Err(Failure::Open(OpenError::PermissionDenied { .. } | OpenError::Namespace { .. })) => {
            wait.hold(target::open(&args.name, options())?)
        }
        opened => wait.hold(opened?),
    }
}

struct Wanted<'a> {
    args: &'a Wait,
    trusting: bool,
    condition: Condition,
    end: Option<Instant>,
}

impl Wanted<'_> {
    /// The time that is left, `most` of it; `None` when it is over.
    fn left(&self, most: Duration) -> Option<Duration> {
        let Some(end) = self.end else {
            return Some(most);
        };
        let left = end.saturating_duration_since(Instant::now());
        (!left.is_zero()).then(|| left.min(most))
    }

    /// Opens the segment; with `--appear`, as soon as it is there.
    fn appear<T>(&self, open: impl Fn() -> Result<T, Failure>) -> Result<T, Failure> {
        loop {
            match open() {
                Err(Failure::Open(OpenError::NotFound { .. })) if self.args.appear => {}
                opened => return opened,
            }
            let Some(pause) = self.left(PAUSE) else {
                return Err(Failure::NotThere {
                    segment: self.args.name.clone(),
                    waited: self.args.timeout.unwrap_or_default(),
                });
            };
            thread::sleep(pause);
        }
    }

    /// Waits with the segment in hand, until that is the only hand that has it.
    fn hold<A: Access>(&self, inspector: Inspector<A>) -> Result<(), Failure> {
        let name = &self.args.name;
        let field = find(&inspector, name, &self.args.field)?;
        let first = field.get().map_err(Failure::reading(name))?;
        let mut last = first.clone();
        let test = self.condition.on(&field, first)?;
        if test.holds(&last) {
            return Ok(());
        }
        loop {
            let start = Instant::now();
            match target::standing(name, &inspector) {
                Standing::Used => {}
                Standing::Unused => break,
                Standing::Gone { replaced } => return Err(self.gone(replaced)),
            }
            let most = (start.elapsed() * LOOK_SHARE).max(LOOK);
            let Some(limit) = self.left(most) else {
                return Err(self.timed_out(&last));
            };
            let mut pred = |value: &Value| {
                let holds = test.holds(value);
                last.clone_from(value);
                holds
            };
            match field.wait_until_for(limit, &mut pred) {
                Ok(_) => return Ok(()),
                Err(WaitError::TimedOut(_)) => {}
                Err(WaitError::Read(source)) => return Err(Failure::reading(name)(source)),
                Err(other) => return Err(Failure::io("wait")(io::Error::other(other))),
            }
        }
        let id = inspector.id();
        // So that a program that is started anew may replace what it has left.
        drop(inspector);
        self.look_on(id, &test)
    }

    /// Waits without having the segment, but for the moment of each look.
    fn look_on(&self, id: u128, test: &Test) -> Result<(), Failure> {
        let Wait { name, field, .. } = self.args;
        // Another process may just be looking at it, too.
        let mut asks = 10;
        loop {
            if asks > 0 {
                asks -= 1;
                if target::is_unused(name) {
                    asks = 0;
                    let (name, field) = (clean(name), clean(field));
                    let _ = writeln!(
                        io::stderr(),
                        "shmstate: no process has `{name}`: nothing changes `{field}` unless somebody sets it"
                    );
                }
            }
            let options = Inspector::options().foreign_owner(self.trusting);
            let inspector = match target::open(name, options) {
                Err(Failure::NoSegment { .. } | Failure::Open(OpenError::NotFound { .. })) => {
                    return Err(self.gone(false));
                }
                opened => opened?,
            };
            if inspector.id() != id {
                return Err(self.gone(true));
            }
            let found = find(&inspector, name, field)?;
            let last = found.get().map_err(Failure::reading(name))?;
            if test.holds(&last) {
                return Ok(());
            }
            drop(inspector);
            let Some(pause) = self.left(PAUSE) else {
                return Err(self.timed_out(&last));
            };
            thread::sleep(pause);
        }
    }

    fn gone(&self, replaced: bool) -> Failure {
        Failure::Gone {
            segment: self.args.name.clone(),
            field: self.args.field.clone(),
            condition: self.condition.to_string(),
            replaced,
        }
    }

    fn timed_out(&self, last: &Value) -> Failure {
        Failure::TimedOut {
            segment: self.args.name.clone(),
            field: self.args.field.clone(),
            last: last.to_string(),
            condition: self.condition.to_string(),
            waited: self.args.timeout.unwrap_or_default(),
        }
    }
}
