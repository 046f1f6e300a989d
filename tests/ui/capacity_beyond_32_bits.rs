use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 4_294_967_296)]
    label: String,
    #[shared(capacity = 99_999_999_999_999_999_999)]
    list: Vec<u8>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
