use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    total: u128,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
