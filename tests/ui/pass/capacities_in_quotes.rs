use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [8, 64])]
    names: Vec<String>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
