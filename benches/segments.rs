//! What opening, creating and accessing a segment costs beside the same by hand.

fn main() {}
