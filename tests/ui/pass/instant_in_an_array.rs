use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    millis: [u64; 4],
}

fn main() {
    let _ = Shared::<State>::open("state");
}
