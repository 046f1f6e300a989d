use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    window: Option<Window>,
}

#[derive(SharedState)]
struct Window {
    low: u32,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
