use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[repr(u8)]
enum State {
    Idle,
}

impl Drop for State {
    fn drop(&mut self) {}
}

fn main() {
    let _ = Shared::<State>::open("state");
}
