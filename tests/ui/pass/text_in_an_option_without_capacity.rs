use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 16)]
    label: Option<String>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
