use shmstate::{Shared, SharedState};

#[derive(SharedState)]
enum Phase {
    Idle,
    Busy,
}

#[derive(SharedState)]
struct State {
    #[shared(counter)]
    phase: Phase,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
