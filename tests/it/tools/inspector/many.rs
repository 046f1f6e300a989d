//! A segment of very many fields.

use std::time::Instant;

use shmstate::inspect::Inspector;

use super::forge::{self, Entry};
use super::support::name;

const FIELDS: usize = 10_000;

// If wrong: fewer fields, or a wrong number.
pub(crate) fn ten_thousand_fields_are_walked_fast() {
    let name = name("many");
    let mut strings = String::new();
    let mut entries = vec![Entry {
        size: 8 * FIELDS as u64,
        ..Entry::new(forge::STRUCT, 0)
    }];
    for i in 0..FIELDS {
        let start = strings.len();
        let name = format!("field_{i}");
        strings.push_str(&name);
        entries.push(Entry {
            name_offset: u32::try_from(start).expect("small"),
            name_len: u32::try_from(strings.len() - start).expect("small"),
            access: 1,
            offset: 8 * i as u64,
            size: 8,
            ..Entry::new(6, 1)
        });
    }
    let table = entries.iter().flat_map(|entry| entry.bytes()).collect();
    let mut bytes = forge::segment_of_len(table, strings.as_bytes(), 8 * FIELDS);
    let slots = usize::try_from(forge::get(&bytes, "slots_offset")).expect("small");
    for (i, slot) in bytes[slots..].chunks_exact_mut(8).take(FIELDS).enumerate() {
        slot.copy_from_slice(&(i as u64).to_le_bytes());
    }
    forge::seal_all(&mut bytes);
    forge::put(&name, &bytes);

    let began = Instant::now();
    let inspector = Inspector::open(&name).expect("open");
    let opened = began.elapsed();
    let began = Instant::now();
    let fields: Vec<_> = inspector.root().leaves().collect();
    let found = began.elapsed();
    let began = Instant::now();
    for (i, field) in fields.iter().enumerate() {
        assert_eq!(field.get().expect("a number"), i.into());
    }
    let read = began.elapsed();
    let began = Instant::now();
    let shown: usize = fields
        .iter()
        .map(|field| field.ty().len() + field.path().len())
        .sum();
    let told = began.elapsed();
    assert_eq!((fields.len(), shown > FIELDS), (FIELDS, true));
    println!("{FIELDS} fields: open {opened:?}, find {found:?}, read {read:?}, tell {told:?}");
    forge::unlink(&name);
}
