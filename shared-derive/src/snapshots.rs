//! What the derive makes of an input, laid out and compared with a checked-in file.
//!
//! The files are in `shared-derive/snapshots`, to be read like source. After a change on purpose:
//! `BLESS=1 cargo test -p shared-derive`, and review the difference.

use std::path::Path;
use std::{env, fs};

use crate::expand::derive;

fn check(name: &str) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let input = fs::read_to_string(dir.join(format!("{name}.rs"))).expect("an input");
    let expanded = derive(input.parse().expect("tokens"));
    let expanded = prettyplease::unparse(&syn::parse2(expanded).expect("items"));
    let path = dir.join(format!("{name}.expanded.rs"));
    if env::var_os("BLESS").is_some() {
        fs::write(&path, expanded).expect("a writable file");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expanded == expected,
        "the expansion of {name}.rs is no longer {}:\n{}",
        path.display(),
        first_difference(&expected, &expanded),
    );
}

fn first_difference(expected: &str, found: &str) -> String {
    let mut lines = expected.lines().zip(found.lines()).enumerate();
    match lines.find(|(_, (expected, found))| expected != found) {
        Some((i, (expected, found))) => {
            format!("line {}:\n- {expected}\n+ {found}", i + 1)
        }
        None => "one ends before the other".to_owned(),
    }
}

macro_rules! snapshots {
    ($($test:ident: $file:literal;)*) => {$(
        #[test]
        fn $test() {
            check($file);
        }
    )*};
}

snapshots! {
    a_struct_with_named_fields: "progress";
    a_tuple_struct: "tuple";
    a_unit_struct: "unit";
    a_locked_struct_is_one_slot: "account";
    each_attribute_picks_a_mode: "modes";
    a_generic_struct_bounds_each_field_that_needs_it: "pair";
    a_field_whose_type_may_be_the_users_own: "instant";
    an_enum_stores_the_index_of_its_variant: "phase";
    an_enum_with_a_repr_stores_its_discriminant: "level";
    a_refused_field_leaves_the_others_in_place: "refused";
    attributes_that_do_not_go_together_are_told_at_once: "contradiction";
    each_type_without_a_slot_is_told_what_to_write_instead: "no_slot";
    a_refused_enum_is_one_atomic_to_its_users: "event";
}
