use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct Limits {
    #[shared(watch)]
    low: u32,
}

#[derive(SharedState)]
struct State {
    limits: Limits,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
