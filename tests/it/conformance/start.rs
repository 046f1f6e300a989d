//! Four ways to start a child that has the state, and what one does with a child.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::ExitStatus;
use std::thread::yield_now;

use nix::sys::signal::{self, Signal};
use nix::unistd::Pid;
use procspawn::{JoinHandle, Pool};
use serde::{Deserialize, Serialize};
use shmstate::{ShareCommand, Shared};

use super::slot::until_state;
use super::support::{self, Process, arguments, kill_self, spawn_self};
use super::world::{State, until};

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Way {
    /// The child has the handle as it is.
    Fork,
    /// A program that opens the segment by its name.
    Name,
    /// A program to which the segment, which has no name, is left under a key.
    Descriptor,
    /// A worker that was there before the segment, and gets the handle in a message.
    Pool,
}

impl Way {
    pub(crate) const ALL: [Way; 4] = [Way::Fork, Way::Name, Way::Descriptor, Way::Pool];
}

/// What a child does.
pub(crate) type Role = fn(&Member<'_>);

/// What a child has.
pub(crate) struct Member<'a> {
    pub(crate) state: &'a State,
    pub(crate) way: Way,
    /// Its seat at the desk.
    pub(crate) seat: usize,
}

impl Member<'_> {
    /// Says that it has come so far.
    pub(crate) fn say(&self, step: u64) {
        self.state.desk.steps[self.seat].set(step);
    }

    /// Waits until it may go so far.
    pub(crate) fn wait_for(&self, order: u64) {
        until(self.state, || {
            self.state.desk.orders[self.seat].get() >= order
        });
    }

    pub(crate) fn order(&self) -> u64 {
        self.state.desk.orders[self.seat].get()
    }
}

/// The tests of these rows, each under every way: of `rows![in two ways; …]` two of them only in deep runs.
macro_rules! rows {
    (in two ways; $($rows:tt)*) => { rows![@ deep; $($rows)*] };
    (in every way; $($rows:tt)*) => { rows![@ usual; $($rows)*] };
    (@ $others:ident; $($module:ident: $($(#[$mark:ident])? $row:ident),* $(,)?;)*) => {
        &[$($(
            rows![@ usual $module $row "_forked" Fork]$(.$mark())?,
            rows![@ usual $module $row "_by_name" Name]$(.$mark())?,
            rows![@ $others $module $row "_by_descriptor" Descriptor]$(.$mark())?,
            rows![@ $others $module $row "_in_a_pool" Pool]$(.$mark())?,
        )*)*]
    };
    (@ usual $module:ident $row:ident $suffix:literal $way:ident) => {
        Test::new(
            concat!(module_path!(), "::", stringify!($module), "::", stringify!($row), $suffix),
            || $module::$row(Way::$way),
        )
    };
    (@ deep $($row:tt)*) => { rows![@ usual $($row)*].deep() };
}
pub(crate) use rows;

/// The roles of these names.
macro_rules! roles {
    ($($module:ident: $($role:ident),* $(,)?;)*) => {
        &[$($((stringify!($role), $module::$role as $crate::conformance::start::Role)),*),*]
    };
}
pub(crate) use roles;

/// Those who can start children in one way.
pub(crate) struct Crew {
    way: Way,
    pool: Option<Pool>,
}

/// What a worker of the pool is sent.
#[derive(Serialize, Deserialize)]
struct Job {
    state: State,
    way: Way,
    role: String,
    seat: usize,
}

impl Crew {
    /// Call it before the state is made: the workers of the pool, up to `most` at a time, run from here on. From
    /// then on this process has threads, and forks no more.
    pub(crate) fn ready(way: Way, most: usize) -> Crew {
        let pool = (way == Way::Pool).then(|| Pool::new(most).expect("a pool"));
        Crew { way, pool }
    }

    /// A new state that children can be given in this way.
    pub(crate) fn state(&self, suffix: &str) -> State {
        let state = match self.way {
            Way::Name => Shared::create_zeroed(&support::name(suffix)),
            _ => Shared::zeroed(),
        };
        state.expect("create")
    }

    /// The same under a name and, if that can be, without one.
    pub(crate) fn states_with_and_without_a_name(&self, name: &str) -> Vec<State> {
        let named = Shared::create_zeroed(&support::name(name));
        let anonymous = (self.way != Way::Name).then(Shared::zeroed);
        let states = anonymous.into_iter().chain([named]);
        states.map(|state| state.expect("create")).collect()
    }

    /// Starts a child in that seat, to play the role of that name.
    pub(crate) fn start(&self, state: &State, role: &str, seat: usize) -> Child {
        let desk = &state.desk;
        desk.ids[seat].set(0);
        desk.steps[seat].set(0);
        desk.orders[seat].set(0);
        let way = self.way;
        let program = |configure: &dyn Fn(&mut std::process::Command)| {
            spawn_self("member", |command| {
                command.args([&format!("{way:?}"), role, &seat.to_string()]);
                configure(command);
            })
        };
        let running = match way {
            Way::Fork => Running::Forked(support::start(|| play(state, way, role, seat))),
            Way::Name => Running::Spawned(program(&|command| {
                command.arg(Shared::name(state).expect("a state with a name"));
            })),
            Way::Descriptor => Running::Spawned(program(&|command| {
                command.share("world", state);
            })),
            Way::Pool => {
                let job = Job {
                    state: state.clone(),
                    way,
                    role: role.to_owned(),
                    seat,
                };
                let work = |job: Job| play(&job.state, job.way, &job.role, job.seat);
                Running::Pooled(self.pool().spawn(job, work))
            }
        };
        Child {
            state: state.clone(),
            seat,
            running,
        }
    }

    /// Starts a child, waits for its end, which must be without a panic, and returns its process.
    #[track_caller]
    pub(crate) fn start_and_wait(&self, state: &State, role: &str, seat: usize) -> u32 {
        let child = self.start(state, role, seat);
        let id = child.id();
        child.wait();
        id
    }

    /// The workers that were there before the state.
    pub(crate) fn pool(&self) -> &Pool {
        self.pool.as_ref().expect("it was made ready")
    }
}

impl Drop for Crew {
    /// Not before the pool has replaced those that were killed: it would do so afterwards.
    fn drop(&mut self) {
        if let Some(pool) = &self.pool
            && !std::thread::panicking()
        {
            pool.shutdown();
        }
    }
}

/// The role of a program: opens the state, and plays the role that the arguments name.
pub(crate) fn member() {
    let arguments = arguments();
    let (state, way) = match arguments[0].as_str() {
        "Name" => (State::open(&arguments[3]), Way::Name),
        _ => (State::inherit("world"), Way::Descriptor),
    };
    let seat = arguments[2].parse().expect("a number");
    play(&state.expect("opened"), way, &arguments[1], seat);
}

fn play(state: &State, way: Way, name: &str, seat: usize) {
    state.desk.ids[seat].set(std::process::id());
    let (_, role) = super::CHILDREN
        .iter()
        .find(|(known, _)| *known == name)
        .unwrap_or_else(|| panic!("no role `{name}`"));
    let member = Member { state, way, seat };
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| role(&member))) {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        eprintln!("{name}, seat {seat}: {}", text.unwrap_or("failed"));
        state.desk.failed.set(true);
        resume_unwind(payload);
    }
}

pub(crate) struct Child {
    state: State,
    seat: usize,
    running: Running,
}

enum Running {
    Forked(Process),
    Spawned(std::process::Child),
    Pooled(JoinHandle<()>),
}

impl Child {
    /// Its process. Waits until it has the state.
    pub(crate) fn id(&self) -> u32 {
        let id = &self.state.desk.ids[self.seat];
        until(&self.state, || id.get() != 0);
        id.get()
    }

    /// Waits until it has come so far.
    #[track_caller]
    pub(crate) fn reached(&self, step: u64) {
        until(&self.state, || {
            self.state.desk.steps[self.seat].get() >= step
        });
    }

    /// Lets it go so far.
    pub(crate) fn order(&self, order: u64) {
        self.state.desk.orders[self.seat].set(order);
    }

    /// Waits until it has come so far, and sleeps.
    #[track_caller]
    pub(crate) fn sleeps_at(&self, step: u64) {
        self.reached(step);
        until_state(self.id(), "S");
    }

    pub(crate) fn signal(&self, signal: Signal) {
        send(self.id(), signal);
    }

    /// Waits for its end, which must be without a panic.
    #[track_caller]
    pub(crate) fn wait(self) {
        if let Err(how) = self.end() {
            panic!("the child has failed: {how}");
        }
    }

    /// Kills it with `SIGKILL`, and waits until it is dead and reaped.
    pub(crate) fn kill(self) {
        self.make_zombie().end().expect_err("it was killed");
    }

    /// Kills it, and waits until it is dead. Nobody reaps it before [`end`](Child::end), except that a pool may.
    pub(crate) fn make_zombie(self) -> Child {
        let id = self.id();
        send(id, Signal::SIGKILL);
        let is_dead = || match fs::read_to_string(format!("/proc/{id}/stat")) {
            Ok(stat) => stat.contains(") Z "),
            Err(_) => true,
        };
        while !is_dead() {
            yield_now();
        }
        self
    }

    /// Waits for its end, and says how it was. (The end of a call, if it is a worker that has done it.)
    pub(crate) fn end(self) -> Result<(), String> {
        let by_status = |status: ExitStatus| {
            let failed = (!status.success()).then(|| status.to_string());
            failed.map_or(Ok(()), Err)
        };
        match self.running {
            Running::Forked(process) => by_status(process.wait()),
            Running::Spawned(mut child) => by_status(child.wait().expect("it is a child")),
            Running::Pooled(call) => call.join().map_err(|error| error.to_string()),
        }
    }
}

pub(crate) fn order_all(children: &[Child], order: u64) {
    for child in children {
        child.order(order);
    }
}

#[track_caller]
pub(crate) fn all_reached(children: &[Child], step: u64) {
    for child in children {
        child.reached(step);
    }
}

/// Sends a signal to a process of this test.
pub(crate) fn send(id: u32, signal: Signal) {
    signal::kill(Pid::from_raw(id.cast_signed()), signal).expect("it lives");
}

/// Ends this process by `SIGKILL`.
pub(crate) fn die() -> ! {
    kill_self(libc::SIGKILL);
    unreachable!("killed")
}
