use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    pair: (u32, u32),
    #[shared(capacity = 8)]
    list: Vec<u32>,
}

fn swap(state: &Shared<State>) {
    state.pair.modify(|pair| *pair = (pair.1, pair.0));
    state.list.modify(|list| list.reverse()).unwrap();
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
