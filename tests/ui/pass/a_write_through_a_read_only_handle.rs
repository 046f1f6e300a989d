use shmstate::{ReadOnly, SharedState};

#[derive(SharedState)]
struct State {
    values: [u8; 4],
}

fn read(state: &ReadOnly<State>) -> u8 {
    state.values[0].get()
}

pub fn main() {
    let _ = read;
}
