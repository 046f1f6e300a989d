use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(slots = Live)]
enum State {
    Idle,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
