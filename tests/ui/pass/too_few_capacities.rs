use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [8, 64, 32])]
    files: Vec<(String, u32, [Option<String>; 2])>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
