//! Files that appear whole or not at all.

use anyhow::{Context, Result};
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Ends the name of a file that is being written.
pub const TEMPORARY: &str = ".rewriting";

/// Makes a rename or a removal in the directory durable.
pub fn sync_directory(directory: &Path) -> Result<()> {
    let sync = || File::open(directory)?.sync_all();
    sync().with_context(|| format!("{} cannot be synced", directory.display()))
}

/// Writes a file under a temporary name, syncs it, and only then gives it its name; what had the
/// name before is replaced in the same moment. If `write` says that nothing is to be kept, the
/// file of that name goes.
pub fn replace(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<bool>,
) -> Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(TEMPORARY);
    let temporary = PathBuf::from(temporary);
    let words = || format!("{} cannot be written", path.display());
    let file = File::create(&temporary).with_context(words)?;
    let mut out = BufWriter::with_capacity(1 << 18, file);
    let written = write(&mut out).and_then(|keep| {
        out.flush().with_context(words)?;
        out.get_ref().sync_all().with_context(words)?;
        Ok(keep)
    });
    match written {
        Ok(true) => std::fs::rename(&temporary, path).with_context(words)?,
        Ok(false) => {
            std::fs::remove_file(&temporary).with_context(words)?;
            remove(path)?;
        }
        Err(error) => {
            _ = std::fs::remove_file(&temporary);
            return Err(error);
        }
    }
    path.parent().map_or(Ok(()), sync_directory)
}

/// Removes a file; one that is not there is removed already.
pub fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", path.display()))
        }
        _ => Ok(()),
    }
}
