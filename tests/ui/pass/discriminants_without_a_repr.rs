use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[repr(u8)]
enum State {
    Idle = 1,
    Busy = 7,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
