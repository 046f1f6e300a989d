use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 4)]
    label: String,
    #[shared(capacity = 4 + 1)]
    longer: String,
    #[shared(capacity = [4, 8])]
    labels: Vec<String>,
    #[shared(capacity = [4])]
    list: Vec<u8>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
