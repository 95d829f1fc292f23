//! Learning from votes: what votes teach, what page and trainer say to each other, and what can be said of so few of them.
//!
//! Pure: the trainer itself is [`training`](crate::training), in a worker of its own.

mod calibration;
mod interval;
mod lesson;
mod messages;

pub use calibration::{Bin, Calibration, Fit, Judged, LEAST_JUDGED, bins};
pub use interval::{Meetings, Share};
pub use lesson::{Lesson, Text};
pub use messages::{FreshPair, HeldBack, News, Order, Step};
