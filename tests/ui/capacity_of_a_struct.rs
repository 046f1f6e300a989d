use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 4)]
    limits: Limits,
}

#[derive(SharedState)]
struct Limits {
    low: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
