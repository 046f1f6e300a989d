use shmstate::{Shared, SharedState};

#[derive(SharedState)]
enum State {
    Idle,
    Busy,
    Done,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
