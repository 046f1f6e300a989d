use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    error: Box<dyn std::error::Error>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
