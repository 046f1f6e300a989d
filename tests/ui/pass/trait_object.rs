use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    code: u32,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
