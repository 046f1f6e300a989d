use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    count: u32,
}

fn add(state: &Shared<State>) {
    state.count.update(|count| count + 1);
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
