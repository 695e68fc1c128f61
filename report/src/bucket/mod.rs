//! `--data s3://BUCKET/PREFIX`: a collector's directory, or what its forwarder wrote, as a copy on this machine. Only what the
//! period needs is fetched, and only what is not here yet.

#[cfg(feature = "s3")]
mod copy;
#[cfg(feature = "s3")]
mod wanted;

use crate::scope::Scope;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// What is told while it is fetched: bytes that are here, and of how many.
pub type Progress<'a> = &'a mut (dyn FnMut(u64, u64) + Send);

/// A bucket and what the names of its objects begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The bucket.
    pub bucket: String,
    /// Without slashes at its ends.
    pub prefix: String,
}

impl Address {
    /// Reads `s3://BUCKET/PREFIX`; nothing where it is a directory.
    pub fn read(data: &Path) -> Option<Self> {
        let (bucket, prefix) = match data.to_str()?.strip_prefix("s3://")? {
            rest if !rest.contains('/') => (rest, ""),
            rest => rest.split_once('/')?,
        };
        Some(Self {
            bucket: bucket.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
        })
    }

    /// Where its copy is, in a directory for copies.
    pub fn place(&self, copies: &Path) -> PathBuf {
        let mut place = copies.join(&self.bucket);
        // A folder of the prefix cannot be one of the copy: none of a copy's begins so.
        let parts = self.prefix.split('/').filter(|part| !part.is_empty());
        place.extend(parts.map(|part| format!("+{part}")));
        place
    }
}

/// Where copies are unless that is said.
pub fn copies() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = cache.or_else(home).unwrap_or_else(std::env::temp_dir);
    cache.join("vitrine-report")
}

/// The directory that is read: the one that was named, or the copy of what is in a bucket.
#[cfg(feature = "s3")]
pub async fn local(
    data: &Path,
    copies: &Path,
    scope: &Scope,
    progress: Progress<'_>,
) -> Result<PathBuf> {
    match Address::read(data) {
        Some(address) => copy::copy(&address, &address.place(copies), scope, progress).await,
        None => Ok(data.to_owned()),
    }
}

/// The directory that was named; for a bucket it says how to get it.
#[cfg(not(feature = "s3"))]
pub async fn local(data: &Path, _: &Path, _: &Scope, _: Progress<'_>) -> Result<PathBuf> {
    if Address::read(data).is_some() {
        anyhow::bail!(
            "--data {}: this program was built without buckets; build it with `--features s3`",
            data.display()
        );
    }
    Ok(data.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_has_an_address_and_a_place() {
        let read = |text: &str| Address::read(Path::new(text));
        assert_eq!(read("data"), None);
        assert_eq!(read("/s3://shop"), None);
        for text in [
            "s3://shop/vitrine",
            "s3://shop/vitrine/",
            "s3://shop//vitrine",
        ] {
            let address = read(text).unwrap();
            assert_eq!((&*address.bucket, &*address.prefix), ("shop", "vitrine"));
        }
        let place = |text: &str| read(text).unwrap().place(Path::new("/c"));
        assert_eq!(place("s3://shop"), Path::new("/c/shop"));
        assert_eq!(place("s3://shop/a/b"), Path::new("/c/shop/+a/+b"));
    }
}
