use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    high: u64,
    low: u64,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
