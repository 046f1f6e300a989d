use shmstate::{ReadOnly, Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(lock)]
    value: u32,
}

fn get(state: &ReadOnly<State>) -> u32 {
    state.value.get()
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
