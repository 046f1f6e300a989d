use shmstate::{Shared, SharedState};

type Name = String;

#[derive(SharedState)]
struct State {
    #[shared(capacity = [2, 4])]
    names: Vec<Name>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
