use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct Signal<T: SharedState> {
    #[shared(watch)]
    value: T,
}

#[derive(SharedState)]
struct State {
    low: Signal<u32>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
