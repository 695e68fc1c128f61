//! A process that makes room for others.

use rustix::process::setpriority_process;

/// As `nice` has it: a tenth of a processor that others want all of. With the least, 19, a compaction beside a busy collector
/// would never end. The disk's scheduler goes by it, too: <https://www.kernel.org/doc/html/latest/block/ioprio.html>
const AFTER_OTHERS: i32 = 10;

/// From now on others come first.
pub fn begin() {
    if let Err(error) = setpriority_process(None, AFTER_OTHERS) {
        tracing::warn!(%error, "the priority could not be lowered; this runs beside others as it is");
    }
}
