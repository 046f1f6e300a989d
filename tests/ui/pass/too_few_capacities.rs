use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 8)]
    files: Vec<File>,
}

#[derive(SharedState)]
struct File {
    #[shared(capacity = 64)]
    name: String,
    size: u32,
    #[shared(capacity = 32)]
    tags: [Option<String>; 2],
}

fn main() {
    let _ = Shared::<State>::open("state");
}
