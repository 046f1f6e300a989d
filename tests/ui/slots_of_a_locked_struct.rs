use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(lock, slots = Live)]
struct State {
    value: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
