use shmstate::{ReadOnly, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    value: u8,
}

fn change(state: &ReadOnly<State>) {
    state.value.fetch_add(1);
}

fn main() {}
