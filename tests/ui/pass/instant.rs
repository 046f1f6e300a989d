use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    started: shmstate::Timestamp,
    at: std::time::SystemTime,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
