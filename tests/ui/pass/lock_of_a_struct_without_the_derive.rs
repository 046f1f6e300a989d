use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(lock)]
    window: Window,
}

#[derive(SharedState)]
struct Window {
    low: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
