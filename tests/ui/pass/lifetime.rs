use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    name: [u8; 8],
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
