use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    window: Option<Window>,
}

struct Window {
    low: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
