use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    id: i128,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
