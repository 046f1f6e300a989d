use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    limit: Option<u32>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
