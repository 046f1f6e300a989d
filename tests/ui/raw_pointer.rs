use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    at: *const u8,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
