use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    value: u8,
    values: [u16; 4],
}

struct Guard(Shared<State>);

impl Drop for Guard {
    fn drop(&mut self) {}
}

pub fn main() {
    let _ = Shared::<State>::open("state").map(Guard);
}
