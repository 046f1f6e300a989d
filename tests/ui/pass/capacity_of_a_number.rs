use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    value: u32,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
