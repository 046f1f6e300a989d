use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    values: [u8; 4],
}

fn wait(state: &Shared<State>) -> u8 {
    state.values[0].wait_until(|value| *value > 1)
}

pub fn main() {
    let _ = wait;
}
