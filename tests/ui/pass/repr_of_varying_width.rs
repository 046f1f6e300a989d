use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[repr(u64)]
enum State {
    Idle,
    Busy,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
