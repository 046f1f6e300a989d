use shmstate::{ReadOnly, Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(lock)]
    value: u32,
}

fn add(state: &ReadOnly<State>) {
    state.value.modify(|value| *value += 1);
}

fn main() {
    let _ = Shared::<State>::open("state");
}
