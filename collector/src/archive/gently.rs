//! A process that makes room for others.

use rustix::process::setpriority_process;

/// The least of a processor's time, as `nice` has it. The disk's scheduler goes by it, too:
/// <https://www.kernel.org/doc/html/latest/block/ioprio.html>
const LAST: i32 = 19;

/// From now on others come first.
pub fn begin() {
    if let Err(error) = setpriority_process(None, LAST) {
        tracing::warn!(%error, "the priority could not be lowered; this runs beside others as it is");
    }
}
