use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    low: u32,
    high: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
