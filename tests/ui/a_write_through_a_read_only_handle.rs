use shmstate::{ReadOnly, SharedState};

#[derive(SharedState)]
struct State {
    values: [u8; 4],
}

fn write(state: &ReadOnly<State>) {
    state.values[0].set(1);
}

fn main() {}
