//! Shop traffic whose truth is known.
