//! Whether the data changed, without reading it.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

/// Of the names, sizes and times of all files that figures are made of: events, and what the shop tells besides.
pub fn stamp(data: &Path, tables: &[PathBuf]) -> io::Result<u64> {
    let mut sum = 0;
    for table in tables {
        add(table, &mut sum)?;
    }
    for name in ["segments", "archive", "erased.ndjson"] {
        add(&data.join(name), &mut sum)?;
    }
    Ok(sum)
}

/// A sum, so that the order in which a directory is listed does not matter.
fn add(path: &Path, sum: &mut u64) -> io::Result<()> {
    let known = match fs::metadata(path) {
        // A compaction may have taken it away just now.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        known => known?,
    };
    if known.is_dir() {
        for entry in fs::read_dir(path)? {
            add(&entry?.path(), sum)?;
        }
        return Ok(());
    }
    let mut hasher = DefaultHasher::new();
    (path, known.len(), known.modified()?).hash(&mut hasher);
    *sum = sum.wrapping_add(hasher.finish());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::{create_dir_all, remove_file, write};

    #[test]
    fn it_changes_with_the_data_alone() {
        let data = tempfile::tempdir().unwrap();
        let segments = data.path().join("segments");
        create_dir_all(&segments).unwrap();
        let costs = [data.path().join("costs.csv")];
        let stamp = |data| super::stamp(data, &costs);
        let empty = stamp(data.path()).unwrap();
        write(segments.join("1.ndjson"), "{}\n").unwrap();
        let one = stamp(data.path()).unwrap();
        write(data.path().join("lock"), "").unwrap();
        assert!(one != empty && stamp(data.path()).unwrap() == one);
        write(segments.join("1.ndjson"), "{}\n{}\n").unwrap();
        assert!(stamp(data.path()).unwrap() != one);
        remove_file(segments.join("1.ndjson")).unwrap();
        assert_eq!(stamp(data.path()).unwrap(), empty);
        write(&costs[0], "video,amount,currency\n").unwrap();
        assert!(stamp(data.path()).unwrap() != empty);
        remove_file(&costs[0]).unwrap();
        assert_eq!(stamp(data.path()).unwrap(), empty);
    }
}
