use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    peer: [u8; 16],
}

fn main() {
    let _ = Shared::<State>::open("state");
}
