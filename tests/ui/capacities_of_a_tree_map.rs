use std::collections::BTreeMap;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [4, 8])]
    names: BTreeMap<u8, String>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
