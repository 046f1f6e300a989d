use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    value: u8,
    values: [u16; 4],
}

impl Drop for State {
    fn drop(&mut self) {}
}

fn main() {
    let _ = Shared::<State>::open("state");
}
