use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    millis: [u64; 4],
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
