use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    value: u8,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
