use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 4)]
    limits: Vec<Limits>,
}

#[derive(SharedState)]
struct Limits {
    low: u32,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
