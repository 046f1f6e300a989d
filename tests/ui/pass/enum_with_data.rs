use shmstate::{Shared, SharedState};

#[derive(SharedState)]
enum State {
    Idle,
    Busy,
    Done,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
