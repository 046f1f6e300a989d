use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    value: u64,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
