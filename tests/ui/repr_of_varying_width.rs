use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[repr(usize)]
enum State {
    Idle,
    Busy,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
