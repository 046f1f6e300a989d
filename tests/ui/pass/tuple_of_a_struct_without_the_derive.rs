use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    pair: (u32, Window),
}

#[derive(SharedState)]
struct Window {
    low: u32,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
