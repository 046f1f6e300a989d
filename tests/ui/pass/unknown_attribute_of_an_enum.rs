use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(crate = shmstate)]
enum State {
    Idle,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
