//! Fetches what is wanted, until what is here is what the bucket had at one moment.

use super::wanted::{MANIFEST, Object, file, is_wanted};
use super::{Address, Progress};
use crate::scope::Scope;
use anyhow::{Context, Result, anyhow, bail};
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as Key;
use object_store::{BackoffConfig, ObjectStore, ObjectStoreExt, RetryConfig};
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;
use vitrine_collector::archive::Manifest;

/// So often it begins again because a compaction replaced objects meanwhile.
const TIMES: usize = 5;
/// So many are fetched at a time.
const AT_ONCE: usize = 8;
/// What is here, by its file: the object's size and tag.
type Index = BTreeMap<String, (u64, String)>;

/// Fetches what the period needs; says where it is.
pub async fn copy(
    address: &Address,
    place: &Path,
    scope: &Scope,
    progress: Progress<'_>,
) -> Result<PathBuf> {
    let bucket = Bucket::open(address)?;
    let made = fs::create_dir_all(place.join("segments"));
    made.with_context(|| format!("--copies: {} cannot be made", place.display()))?;
    // Another report on the same bucket waits.
    let lock = File::create(place.join("lock"))?;
    lock.lock()?;
    let period = (scope.from, scope.to);
    let mut asked = 1;
    loop {
        match bucket.fetched(place, period, progress).await {
            Ok(true) => return Ok(place.to_owned()),
            Err(error) if asked == TIMES || !is_gone(&error) => return Err(error),
            Ok(false) if asked == TIMES => bail!(
                "{}: what is in it changes faster than it can be read; try again later",
                bucket.words
            ),
            _ => asked += 1,
        }
    }
}

struct Bucket {
    store: AmazonS3,
    prefix: Key,
    words: String,
}

impl Bucket {
    /// Keys, region and endpoint come from the environment, as the AWS tools have them.
    fn open(address: &Address) -> Result<Self> {
        let words = format!("s3://{}/{}", address.bucket, address.prefix);
        let endpoint = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"];
        let endpoint = endpoint.iter().find_map(|name| std::env::var(name).ok());
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(&address.bucket)
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: 3,
                retry_timeout: Duration::from_secs(30),
            });
        if let Some(endpoint) = endpoint {
            let plain = endpoint.starts_with("http://");
            builder = builder.with_endpoint(endpoint).with_allow_http(plain);
        }
        Ok(Self {
            store: builder.build().with_context(|| words.clone())?,
            prefix: Key::parse(&address.prefix).with_context(|| words.clone())?,
            words,
        })
    }

    /// Fetches once; whether the bucket was the same before and after.
    async fn fetched(
        &self,
        place: &Path,
        period: (i64, i64),
        progress: Progress<'_>,
    ) -> Result<bool> {
        let listed = self.list().await?;
        let manifest = self.manifest(&listed).await?;
        let wanted: Vec<_> = listed
            .iter()
            .filter(|object| is_wanted(&object.name, &manifest, period))
            .collect();
        let index = forget(place, &listed, &wanted)?;
        let missing = wanted
            .iter()
            .filter(|object| !is_here(place, &index, object));
        let missing: Vec<_> = missing.map(|object| (*object).clone()).collect();
        let all = missing.iter().map(|object| object.size).sum();
        let mut done = 0;
        let mut index = index;
        let gets = missing.iter().map(|object| self.get(place, object));
        let mut gets = futures_util::stream::iter(gets).buffer_unordered(AT_ONCE);
        let mut ended = Ok(());
        while let Some(got) = gets.next().await {
            match got {
                Ok((object, file)) => {
                    done += object.size;
                    progress(done, all);
                    index.insert(file, (object.size, object.tag.clone()));
                }
                Err(error) => {
                    ended = Err(error);
                    break;
                }
            }
        }
        drop(gets);
        // What came stays, also where the rest did not.
        write(&place.join("index.json"), &serde_json::to_vec(&index)?)?;
        ended?;
        Ok(self.list().await? == listed)
    }

    /// A collector's objects, by name.
    async fn list(&self) -> Result<Vec<Object>> {
        let prefix = Some(&self.prefix).filter(|prefix| !prefix.as_ref().is_empty());
        let found: Vec<_> = self
            .store
            .list(prefix)
            .try_collect()
            .await
            .map_err(|error| self.told(error))?;
        let object = |meta: object_store::ObjectMeta| {
            let parts: Vec<_> = meta.location.prefix_match(&self.prefix)?.collect();
            let names: Vec<_> = parts.iter().map(AsRef::as_ref).collect();
            let time = meta.last_modified.timestamp_millis();
            Some(Object {
                name: names.join("/"),
                size: meta.size,
                tag: meta.e_tag.unwrap_or_else(|| time.to_string()),
            })
        };
        let objects = found.into_iter().filter_map(object);
        let mut objects: Vec<_> = objects
            .filter(|object| file(&object.name).is_some())
            .collect();
        if objects.is_empty() {
            bail!(
                "{}: found nothing of a collector. Use what its directory was copied to, or the bucket and prefix of its forwarder.",
                self.words
            );
        }
        objects.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(objects)
    }

    async fn manifest(&self, listed: &[Object]) -> Result<Manifest> {
        let Some(object) = listed.iter().find(|object| object.name == MANIFEST) else {
            return Ok(Manifest::default());
        };
        let bytes = self.bytes(object).await?;
        Manifest::parse(&bytes).with_context(|| format!("{}/{MANIFEST} cannot be read", self.words))
    }

    async fn get<'a>(&self, place: &Path, object: &'a Object) -> Result<(&'a Object, String)> {
        let name = file(&object.name).context("no file")?;
        let bytes = self.bytes(object).await?;
        let path = place.join(&name);
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        write(&path, &bytes)?;
        Ok((object, name))
    }

    /// All of an object as it was listed.
    async fn bytes(&self, object: &Object) -> Result<bytes::Bytes> {
        let key = Key::parse(format!("{}/{}", self.prefix, object.name).trim_start_matches('/'))?;
        let got = async { self.store.get(&key).await?.bytes().await };
        let bytes = got.await.map_err(|error| self.told(error))?;
        let found = bytes.len() as u64;
        match found == object.size {
            true => Ok(bytes),
            // Replaced since, or cut short: the next list tells.
            false => Err(Gone).with_context(|| {
                let name = &object.name;
                format!(
                    "{}/{name}: found {found} bytes of {}",
                    self.words, object.size
                )
            }),
        }
    }

    /// In words what can be done about it.
    fn told(&self, error: object_store::Error) -> anyhow::Error {
        let (words, text) = (&self.words, error.to_string());
        // Of a list that is refused the library says no more than this text.
        let code = text.split_once("<Code>").map_or("", |(_, rest)| rest);
        let code = code.split_once('<').map_or("", |(code, _)| code);
        let is_refused = ["401 Unauthorized", "403 Forbidden"]
            .iter()
            .any(|status| text.contains(status));
        if code == "NoSuchBucket" {
            anyhow!(
                "{words}: there is no such bucket at this endpoint. Look at its name, AWS_REGION and AWS_ENDPOINT_URL."
            )
        } else if is_refused {
            anyhow!(
                "{words}: the keys are refused ({code}). Look at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; they have to be allowed to list and to get."
            )
        } else if matches!(error, object_store::Error::NotFound { .. }) {
            anyhow::Error::new(Gone).context(format!("{words}: {text}"))
        } else {
            anyhow!("{words}: {text}")
        }
    }
}

/// An object that is not there any more, or not as it was listed.
#[derive(Debug)]
struct Gone;

impl std::fmt::Display for Gone {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "it was replaced or removed meanwhile, or came in part")
    }
}

impl std::error::Error for Gone {}

fn is_gone(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Gone>().is_some()
}

fn is_here(place: &Path, index: &Index, object: &Object) -> bool {
    let Some(name) = file(&object.name) else {
        return true;
    };
    let is_same = index
        .get(&name)
        .is_some_and(|(size, tag)| (*size, tag) == (object.size, &object.tag));
    let about = fs::metadata(place.join(name));
    is_same && about.is_ok_and(|about| about.len() == object.size)
}

/// Removes what the bucket has no more or in another form, and segments that are in the archive; says what stays.
fn forget(place: &Path, listed: &[Object], wanted: &[&Object]) -> Result<Index> {
    let text = fs::read(place.join("index.json")).unwrap_or_default();
    // Without one, all that is here is fetched again.
    let mut index: Index = serde_json::from_slice(&text).unwrap_or_default();
    let is_archive = |object: &&Object| object.name.starts_with("archive/");
    let stays = listed
        .iter()
        .filter(is_archive)
        .chain(wanted.iter().copied());
    let stays: HashSet<_> = stays
        .filter_map(|object| Some((file(&object.name)?, object.size, object.tag.clone())))
        .collect();
    index.retain(|name, (size, tag)| stays.contains(&(name.clone(), *size, tag.clone())));
    for path in files(place)? {
        let name = path.strip_prefix(place).ok().and_then(Path::to_str);
        if name.is_some_and(|name| file(name).is_some() && !index.contains_key(name)) {
            fs::remove_file(&path).with_context(|| format!("{} stays", path.display()))?;
        }
    }
    Ok(index)
}

fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        match path.is_dir() {
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    Ok(found)
}

/// Whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let words = || format!("{} cannot be written", path.display());
    let new = path.with_extension("new");
    let mut file = File::create(&new).with_context(words)?;
    file.write_all(bytes).with_context(words)?;
    drop(file);
    fs::rename(&new, path).with_context(words)
}
