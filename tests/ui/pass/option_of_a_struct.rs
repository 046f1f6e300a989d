use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    limits: Limits,
}

#[derive(SharedState)]
struct Limits {
    low: u8,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
