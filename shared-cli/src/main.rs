//! The command `shmstate`: see the crate's library.

fn main() -> std::process::ExitCode {
    shared_cli::main()
}
