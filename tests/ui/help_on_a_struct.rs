use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(help = "of a word count")]
struct State {
    done: u64,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
