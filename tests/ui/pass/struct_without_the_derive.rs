use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct Limits {
    low: u8,
}

#[derive(SharedState)]
struct State {
    #[shared(cache_padded)]
    limits: Limits,
    all: [Limits; 4],
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
