use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [2, 4, 8])]
    names: Vec<Vec<(u8, String)>>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
