use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[repr(u8)]
enum State {
    Idle,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
