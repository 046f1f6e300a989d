use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(help = lines_read)]
    done: u64,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
