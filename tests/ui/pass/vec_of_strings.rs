use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    names: [[u8; 32]; 8],
    lens: [u8; 8],
}

fn main() {
    let _ = Shared::<State>::open("state");
}
