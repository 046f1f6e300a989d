use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    named: Named,
}

#[derive(SharedState)]
#[shared(lock)]
struct Named {
    #[shared(capacity = 16)]
    name: String,
    number: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
