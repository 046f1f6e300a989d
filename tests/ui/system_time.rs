use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    at: std::time::SystemTime,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
