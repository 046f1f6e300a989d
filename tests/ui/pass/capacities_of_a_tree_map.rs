use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [4, 8])]
    names: Vec<(u8, String)>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
