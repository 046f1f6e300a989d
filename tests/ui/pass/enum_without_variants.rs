use shmstate::{Shared, SharedState};

#[derive(SharedState)]
enum State {
    Idle,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
