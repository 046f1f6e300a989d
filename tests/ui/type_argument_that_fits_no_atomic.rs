use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct Limits {
    low: u32,
}

#[derive(SharedState)]
struct Signal<T: SharedState> {
    #[shared(watch)]
    value: T,
}

#[derive(SharedState)]
struct State {
    limits: Signal<Limits>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
