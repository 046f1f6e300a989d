use std::net::IpAddr;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    peer: IpAddr,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
