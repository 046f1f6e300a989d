use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    start: u32,
    end: u32,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
