use shmstate::{Shared, SharedState};

#[derive(SharedState)]
enum State {
    Idle,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
