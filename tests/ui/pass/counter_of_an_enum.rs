use shmstate::{Shared, SharedState};

#[derive(SharedState)]
enum Phase {
    Idle,
    Busy,
}

#[derive(SharedState)]
struct State {
    phase: Phase,
    #[shared(counter, lock)]
    phases: u64,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
