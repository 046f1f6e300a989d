use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 4)]
    windows: Vec<Window>,
}

#[derive(SharedState)]
struct Window {
    low: u32,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
