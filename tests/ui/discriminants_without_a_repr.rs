use shmstate::{Shared, SharedState};

#[derive(SharedState)]
enum State {
    Idle = 1,
    Busy = 7,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
