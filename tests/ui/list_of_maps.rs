use std::collections::HashMap;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    names: Vec<HashMap<u8, String>>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
