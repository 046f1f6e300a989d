use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    pair: (u32, Window),
}

struct Window {
    low: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
