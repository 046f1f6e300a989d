use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [4, 8])]
    labels: Vec<String>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
