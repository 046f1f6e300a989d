//! A segment read and written by the field table alone.

use super::foreign::Field;
use super::support::{assert_success, in_child};
use super::{Phase, example, stage};

pub(crate) fn another_program_reads_a_watched_field_by_the_table() {
    let (state, segment) = stage();
    assert_success(in_child(|| {
        let of = example();
        let fields: [(&str, u64, usize); 12] = [
            ("flag", of.flag.into(), 1),
            ("tiny", 0xf9, 1),
            ("port", of.port.into(), 2),
            ("step", of.step.into(), 4),
            ("big", of.big, 8),
            ("single", of.single.to_bits().into(), 4),
            ("ratio", of.ratio.to_bits(), 8),
            ("letter", of.letter.into(), 4),
            ("phase", 1, 1),
            ("level", 0xfffd, 2),
            ("tries", 0xff, 1),
            ("last", (-2_i64).cast_unsigned(), 8),
        ];
        for (name, bits, width) in fields {
            let field = segment.field(name);
            let size = if width == 8 { 16 } else { 8 };
            assert_eq!((field.get(), field.width), (bits, width), "{name}");
            assert_eq!((field.size, field.event), (size, size / 2), "{name}");
            assert_eq!(field.event(), 0, "nobody has waited for {name}");
        }
        for (i, number) in of.many.into_iter().enumerate() {
            assert_eq!(segment.element("many", &[i]).get(), u64::from(number));
        }
        assert_eq!(segment.element("alone", &[1]).get(), 5);
    }));
    assert_eq!(state.snapshot(), example());
}

pub(crate) fn another_program_writes_a_watched_field_by_the_table() {
    let (state, segment) = stage();
    assert_success(in_child(|| {
        segment.field("flag").set(1);
        segment.field("tiny").set(0x80);
        segment.field("port").set(0xffff);
        segment.field("big").set(u64::MAX);
        segment.field("ratio").set((-0.0_f64).to_bits());
        segment.field("phase").set(2);
        segment.field("last").set(0);
        segment.element("many", &[2]).set(33);
        segment.element("alone", &[0]).set(44);
    }));
    let mut expected = example();
    expected.flag = true;
    expected.tiny = i8::MIN;
    expected.port = u16::MAX;
    expected.big = u64::MAX;
    expected.ratio = -0.0;
    expected.phase = Phase::Done;
    expected.last = None;
    expected.many[2] = 33;
    expected.alone[0] = 44;
    assert_eq!(state.snapshot(), expected, "or a neighbour was written");
    assert!(state.ratio.get().is_sign_negative());
}

pub(crate) fn each_padded_element_has_a_line_of_its_own() {
    let (state, segment) = stage();
    let line = |field: Field<'_>| field.offset / 64;
    let lines: Vec<usize> = (0..2)
        .map(|i| line(segment.element("alone", &[i])))
        .collect();
    assert_eq!(lines[1], lines[0] + 1);
    assert_ne!(line(segment.element("many", &[2])), lines[0]);
    // Behind the last one, too.
    let after = (&raw const state.after).addr() - (&raw const *state).addr();
    let schema = shmstate::Shared::<super::Signals>::schema();
    let alone = schema.fields().iter().find(|field| field.path() == "alone");
    assert_eq!(after, alone.expect("a field").offset() + 128);
}
