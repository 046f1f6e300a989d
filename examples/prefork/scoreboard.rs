//! What the workers and their parent share.

use std::fmt;

use shmstate::SharedState;

/// At most so many workers.
pub(crate) const MOST: usize = 64;

/// Each request is counted here before it is answered.
#[derive(SharedState)]
pub(crate) struct Scoreboard {
    /// The next ticket.
    pub(crate) requests: u64,
    /// Can be waited for.
    #[shared(watch)]
    pub(crate) restarts: u64,
    /// The workers are to finish what they do, and to end.
    pub(crate) stopping: bool,
    /// Each worker has a place of its own, and so has the one that is started when it is killed.
    #[shared(cache_padded)]
    pub(crate) workers: [Worker; MOST],
}

#[derive(SharedState)]
pub(crate) struct Worker {
    /// 0 if there is none.
    pub(crate) pid: u32,
    pub(crate) state: State,
    pub(crate) requests: u64,
    pub(crate) restarts: u64,
    #[shared(capacity = 64)]
    pub(crate) last_path: String,
}

#[derive(SharedState, Clone, Copy, Debug, PartialEq)]
pub(crate) enum State {
    Unused,
    Starting,
    Idle,
    Reading,
    Writing,
    Dead,
}

impl WorkerSlots {
    /// Notes what is asked for, or as much of it as there is room for.
    pub(crate) fn asked_for(&self, path: &str) {
        let whole = path.floor_char_boundary(64);
        self.last_path.set(&path[..whole]).expect("it fits");
    }
}

impl fmt::Display for Scoreboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "worker  pid      state     requests  restarts  last path"
        )?;
        let mut count = 0;
        for worker in self.workers.iter().filter(|w| w.state != State::Unused) {
            let Worker {
                pid,
                requests,
                restarts,
                last_path,
                ..
            } = worker;
            let state = format!("{:?}", worker.state);
            writeln!(
                f,
                "{count:<6}  {pid:<7}  {state:<8}  {requests:<8}  {restarts:<8}  {last_path}"
            )?;
            count += 1;
        }
        writeln!(
            f,
            "total: {count} workers, {} requests, {} restarts",
            self.requests, self.restarts
        )
    }
}
