use shmstate::{Shared, SharedState};

#[derive(SharedState)]
enum State {
    Idle,
    Busy(u8),
    Done { code: u32 },
}

fn main() {
    let _ = Shared::<State>::open("state");
}
