use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[repr(u8)]
enum State {
    Idle = 0,
}

pub fn main() {
    let _ = Shared::<State>::zeroed();
}
