use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    done: u32,
}

pub fn main() {
    let wait = |state: Shared<State>| state.done.wait_until(|done| *done > 3);
    let _ = Shared::<State>::open("state").map(wait);
}
