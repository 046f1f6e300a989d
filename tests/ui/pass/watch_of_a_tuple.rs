use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    range: [(u8, u8); 2],
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
