use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(help = "lines read")]
    done: u64,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
