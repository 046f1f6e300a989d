//! `shmstate export`: read by a parser that others have written, and scraped by a real Prometheus.

#![allow(clippy::float_cmp)] // what was set is what is read

mod http;
mod prometheus;
mod text;

use shared_testkit::{Test, tests};

pub(crate) const TESTS: &[Test] = tests![
    text:
        every_number_is_a_metric_that_a_parser_reads,
        segments_share_their_metrics_by_label,
        fields_that_would_share_a_name_do_not,
        what_is_no_number_is_no_metric,
        arrays_that_are_too_long_are_left_out_and_told,
        #[alone] the_processes_of_a_segment_are_counted,
        a_segment_that_is_not_there_is_told_and_the_others_exported;
    http:
        the_metrics_are_served_as_they_are_at_that_time,
        a_segment_may_come_and_go_while_it_is_served,
        what_is_not_asked_for_properly_is_answered_so,
        an_address_behind_a_space_is_told,
        an_address_that_is_taken_is_an_error;
    prometheus:
        prometheus_scrapes_it;
];
