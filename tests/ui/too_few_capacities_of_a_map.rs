use std::collections::HashMap;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 8)]
    counts: HashMap<String, u8>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
