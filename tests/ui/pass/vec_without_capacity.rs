use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    done: u64,
    bytes: [u8; 64],
    len: u32,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
