use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    code: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
