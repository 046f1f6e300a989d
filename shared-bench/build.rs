//! Builds the side of Boost.Interprocess, if its headers are there (`libboost-dev`).

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=src/peers/boost.cpp");
    println!("cargo::rerun-if-env-changed=BOOST_INCLUDE");
    println!("cargo::rustc-check-cfg=cfg(boost)");
    let mut build = cc::Build::new();
    build.cpp(true).std("c++17").file("src/peers/boost.cpp");
    build.opt_level(2).warnings(false).cargo_warnings(false);
    // For headers elsewhere than where compilers look.
    if let Some(folder) = env::var_os("BOOST_INCLUDE") {
        build.flag("-isystem").flag(folder);
    }
    // Without the headers it cannot even be preprocessed; any other error is one of ours.
    if build.try_expand().is_ok() {
        build.compile("shared-bench-boost");
        println!("cargo::rustc-cfg=boost");
    }
}
