use shmstate::{Shared, SharedState};

#[derive(SharedState)]
enum Phase {
    Idle,
    Busy,
}

#[derive(SharedState)]
struct State {
    phase: Phase,
    both: (Phase, u8),
    limit: Option<Phase>,
    each: [Phase; 2],
    #[shared(watch)]
    watched: Phase,
    #[shared(lock)]
    locked: Phase,
    #[shared(capacity = 4)]
    recent: Vec<Phase>,
    inner: Inner,
}

#[derive(SharedState)]
#[shared(lock)]
struct Inner {
    phase: Phase,
    number: u32,
}

fn idle(state: &Shared<State>) {
    state.phase.set(Phase::Idle);
    state.watched.set(Phase::Busy);
    let _ = state.snapshot();
}

pub fn main() {
    let _ = Shared::<State>::open("state").map(|state| idle(&state));
}
