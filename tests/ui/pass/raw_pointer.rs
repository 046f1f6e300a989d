use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    at: usize,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
