//! Where the archive's files are.

use super::columns::Table;
use super::time::{day_name, day_named};
pub use crate::whole_file::{remove, replace, sync_directory};

use crate::whole_file::TEMPORARY;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Makes a directory and those above it, durably.
pub fn make_directory(directory: &Path) -> Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    if let Some(parent) = directory.parent() {
        make_directory(parent)?;
    }
    match std::fs::create_dir(directory) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("{} cannot be made", directory.display()))
        }
        _ => directory.parent().map_or(Ok(()), sync_directory),
    }
}

/// What is in a directory, sorted; nothing where there is none.
pub fn entries(directory: &Path) -> Result<Vec<PathBuf>> {
    let words = || format!("{} cannot be read", directory.display());
    let entries = match std::fs::read_dir(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(words)?,
    };
    let paths: std::io::Result<Vec<_>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.with_context(words)?;
    paths.sort_unstable();
    Ok(paths)
}

/// Where the days of a table are.
pub fn root(data: &Path, table: Table) -> PathBuf {
    match table {
        Table::Events => data.join("archive"),
        Table::Items => data.join("archive").join("items"),
    }
}

/// Where a day of a table is.
pub fn day_directory(data: &Path, table: Table, day: i64) -> PathBuf {
    root(data, table).join(format!("day={}", day_name(day)))
}

/// The days of a table that have a directory.
pub fn days(data: &Path, table: Table) -> Result<Vec<(i64, PathBuf)>> {
    let day = |path: PathBuf| {
        let name = path.file_name()?.to_str()?.strip_prefix("day=")?;
        Some((day_named(name)?, path))
    };
    Ok(entries(&root(data, table))?
        .into_iter()
        .filter_map(day)
        .collect())
}

/// The Parquet files of a directory.
pub fn parquet_files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut files = entries(directory)?;
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "parquet")
    });
    Ok(files)
}

/// Removes what a killed process left half-written.
pub fn clean(data: &Path) -> Result<()> {
    let mut directories = vec![
        data.join("archive"),
        data.join("segments"),
        data.join("quarantine"),
    ];
    for table in Table::ALL {
        directories.extend(days(data, table)?.into_iter().map(|(_, path)| path));
    }
    for directory in directories {
        for path in entries(&directory)? {
            if path.to_str().is_some_and(|name| name.ends_with(TEMPORARY)) {
                remove(&path)?;
            }
        }
    }
    Ok(())
}

/// Held while a process changes the archive.
pub struct ArchiveLock {
    _file: File,
}

/// Takes the lock of the archive, or says that another process has it.
pub fn lock(data: &Path) -> Result<ArchiveLock> {
    let (file, path) = lock_file(data)?;
    match file.try_lock() {
        Ok(()) => Ok(ArchiveLock { _file: file }),
        Err(_) => bail!(
            "{}: another process compacts, erases or removes here just now. Try again when it has ended.",
            path.display()
        ),
    }
}

/// Takes the lock of the archive, after whoever has it.
pub fn lock_in_turn(data: &Path) -> Result<ArchiveLock> {
    let (file, path) = lock_file(data)?;
    if file.try_lock().is_err() {
        tracing::info!(
            "another process compacts, erases or removes here just now; this waits for its end"
        );
        file.lock()
            .with_context(|| format!("{} cannot be locked", path.display()))?;
    }
    Ok(ArchiveLock { _file: file })
}

fn lock_file(data: &Path) -> Result<(File, PathBuf)> {
    let directory = data.join("archive");
    if !data.is_dir() {
        bail!(
            "{}: found no directory. Use the directory that the collector writes to.",
            data.display()
        );
    }
    make_directory(&directory)?;
    let path = directory.join("lock");
    let file =
        File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok((file, path))
}
