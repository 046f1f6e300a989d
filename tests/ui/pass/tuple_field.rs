use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    first: u32,
    second: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
