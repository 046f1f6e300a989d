use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[repr(u8)]
enum State {
    Idle,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
