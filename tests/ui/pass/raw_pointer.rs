use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    at: usize,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
