use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(lock)]
struct State {
    #[shared(capacity = 8)]
    label: String,
    value: u32,
}

fn value(state: &Shared<State>) -> u32 {
    state.modify(|state| state.value)
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
