use shmstate::{ReadOnly, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    values: [u8; 4],
}

fn wait(state: &ReadOnly<State>) -> u8 {
    state.values[0].wait_until(|value| *value > 1)
}

fn main() {}
