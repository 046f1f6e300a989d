//! `cargo bench -p shared-bench`: see the library.

fn main() {
    shared_bench::main();
}
