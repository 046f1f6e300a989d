use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    small: u8,
    large: u64,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
