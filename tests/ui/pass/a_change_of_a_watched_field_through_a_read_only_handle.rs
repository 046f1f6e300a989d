use shmstate::{ReadOnly, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    value: u8,
}

fn read(state: &ReadOnly<State>) -> u8 {
    state.value.get()
}

pub fn main() {
    let _ = read;
}
