//! What the workers and their parent share.

use std::fmt;

use shmstate::{SharedState, Timestamp};

/// The most workers.
pub(crate) const MOST: usize = 64;

/// Each request is counted here before it is answered.
#[derive(SharedState)]
pub(crate) struct Scoreboard {
    /// The next ticket.
    pub(crate) requests: u64,
    /// How many workers have been replaced. Others can wait until it changes.
    #[shared(watch)]
    pub(crate) restarts: u64,
    /// Tells the workers to finish what they do, and to end.
    pub(crate) stopping: bool,
    /// A place for each worker. The worker that replaces it takes over the place.
    #[shared(cache_padded)]
    pub(crate) workers: [Worker; MOST],
}

#[derive(SharedState)]
pub(crate) struct Worker {
    /// 0 if there is none.
    pub(crate) pid: u32,
    pub(crate) state: State,
    /// Since when. A worker that has been `Writing` for a minute hangs.
    pub(crate) since: Timestamp,
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
    pub(crate) fn enter(&self, state: State) {
        self.since.set(Timestamp::now());
        self.state.set(state);
    }
}

impl fmt::Display for Scoreboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "worker  pid      state     for      requests  restarts  last path"
        )?;
        let mut count = 0;
        for worker in self.workers.iter().filter(|w| w.state != State::Unused) {
            let Worker {
                pid,
                since,
                requests,
                restarts,
                last_path,
                ..
            } = worker;
            let state = format!("{:?}", worker.state);
            let since = format!("{:.2}s", since.elapsed().as_secs_f64());
            writeln!(
                f,
                "{count:<6}  {pid:<7}  {state:<8}  {since:<7}  {requests:<8}  {restarts:<8}  {last_path}"
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
