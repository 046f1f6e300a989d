use shmstate::{Shared, SharedState};

#[derive(SharedState)]
enum State {
    Idle,
    Busy,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
