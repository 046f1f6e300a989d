use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    value: u32,
}

pub fn main() {
    let set = |state: Shared<State>| state.value.set(1);
    let _ = Shared::<State>::open("state").map(set);
}
