use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    keys: [u32; 16],
    counts: [u64; 16],
}

fn main() {
    let _ = Shared::<State>::open("state");
}
