use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct Limits {
    #[shared(watch)]
    low: u32,
}

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    limits: Limits,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
