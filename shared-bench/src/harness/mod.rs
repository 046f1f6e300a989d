//! How anything is measured here: by whom, when, for how long, and how it is checked.
//!
//! The process that the user starts measures nothing itself. For each peer it forks a [`Crew`] of workers, each on a
//! processor of its own as far as there are enough. A round is an order to all workers of one crew: they meet at
//! a barrier, and do what they were told until the same moment of the clock. The crews of the peers take turns, round
//! by round, so that a machine that slows down for a while slows down everybody.

pub(crate) mod clock;
pub(crate) mod crew;
pub(crate) mod gate;
pub(crate) mod job;
pub(crate) mod memory;
pub(crate) mod pin;
pub(crate) mod process;
pub(crate) mod rounds;

pub(crate) use job::{Entry, Job, Op, processes, threads};
pub(crate) use rounds::{Cell, Check, Column, Plan, Value, measure};
