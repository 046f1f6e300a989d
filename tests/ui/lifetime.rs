use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State<'a> {
    name: &'a str,
}

fn main() {
    let _ = Shared::<State<'static>>::open("state");
}
