use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State<T> {
    value: T,
}

fn value<T: SharedState>(state: &Shared<State<T>>) -> State<T> {
    state.snapshot()
}

pub fn main() {
    let _ = value::<u8>;
}
