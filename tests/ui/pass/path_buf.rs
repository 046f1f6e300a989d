use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    path: [u8; 256],
    len: u32,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
