//! Settings: what a file says, then the environment, then the command line; the last one holds.

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde::Deserialize;
use std::collections::HashSet;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// What is kept of an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum KeepIp {
    /// Nothing.
    #[default]
    Drop,
    /// The first 24 bits of IPv4, 48 of IPv6.
    Truncate,
    /// All of it.
    Full,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    #[default]
    Json,
    /// For people.
    Text,
}

/// A shop that may send, known by its key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its name in the files.
    pub name: String,
    /// What its pages send. It is in the pages for everyone to read.
    pub key: String,
    /// The origins of its pages; none: those of all sites.
    #[serde(default)]
    pub origins: Vec<String>,
    /// Events a second that it may send; 0: any number.
    #[serde(default)]
    pub events_per_second: u32,
}

/// All settings.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The directory of the events.
    pub data: PathBuf,
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Origins whose pages may send; `*` is any.
    pub origins: Vec<String>,
    /// Sites and their keys; with none, no key is asked for, and all is of the site `default`.
    pub sites: Vec<Site>,
    /// Demanded for `/metrics` and `/completeness`; without it they are told to this machine alone.
    pub admin_token: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// What is kept of senders' addresses.
    pub ip: KeepIp,
    /// Bytes of a body, decompressed.
    pub body_bytes: usize,
    /// Bytes of an event.
    pub event_bytes: usize,
    /// Events of a batch.
    pub batch_events: usize,
    /// Objects and lists within one another.
    pub depth: u32,
    /// Requests a second of one address (IPv6: of one /64); 0: any number.
    pub requests_per_second: u32,
    /// Connections at a time.
    pub connections: usize,
    /// Bytes of bodies that are under way at a time.
    pub inflight_bytes: usize,
    /// Seconds until a request's head has to be there, also the longest that a connection may be idle.
    pub head_seconds: u64,
    /// Seconds until a request's body has to be there.
    pub body_seconds: u64,
    /// Seconds that a stop waits for requests under way.
    pub stop_seconds: u64,
    /// A segment is sealed above so many bytes.
    pub segment_bytes: u64,
    /// A segment is sealed after so many seconds.
    pub segment_seconds: u64,
    /// Repeats are known for so many days.
    pub window_days: u32,
    /// And so many ids at most.
    pub window_ids: usize,
    /// Views that are tracked at most.
    pub views: usize,
    /// An event that comes so many seconds after it happened is late.
    pub late_seconds: u32,
    /// Sealed segments are brought into the archive so many seconds after one another; 0: not by this process.
    pub compact_every: u64,
    /// Today and so many days before it stay, of all that is kept; 0: everything stays.
    pub retain_days: u32,
    /// Stop when the standard input ends.
    #[serde(skip)]
    pub with_parent: bool,
    /// How log lines look.
    pub log: LogFormat,
    /// Threads that answer requests; 0: one for each core.
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            origins: vec!["*".to_owned()],
            sites: Vec::new(),
            admin_token: None,
            trusted_proxies: Vec::new(),
            ip: KeepIp::Drop,
            body_bytes: 1_000_000,
            event_bytes: 400_000,
            batch_events: 1_000,
            depth: 32,
            requests_per_second: 200,
            connections: 20_000,
            inflight_bytes: 256 << 20,
            head_seconds: 60,
            body_seconds: 30,
            stop_seconds: 10,
            segment_bytes: 64 << 20,
            segment_seconds: 3_600,
            window_days: 7,
            window_ids: 20_000_000,
            views: 500_000,
            late_seconds: 60,
            compact_every: 3_600,
            retain_days: 0,
            with_parent: false,
            log: LogFormat::Json,
            threads: 0,
        }
    }
}

/// What the environment and the command line may set.
#[derive(Debug, Default, Args)]
pub struct Flags {
    /// A TOML file of settings; what is said here overrides it
    #[arg(long, env = "VITRINE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The directory of the events
    #[arg(long, env = "VITRINE_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The address to listen on; port 0 takes a free one
    #[arg(long, env = "VITRINE_LISTEN", value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// An origin whose pages may send, * for any; more by commas
    #[arg(
        long,
        env = "VITRINE_ORIGINS",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub origins: Option<Vec<String>>,
    /// Demanded for /metrics and /completeness
    #[arg(
        long,
        env = "VITRINE_ADMIN_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    pub admin_token: Option<String>,
    /// Proxies whose X-Forwarded-For is believed; more by commas
    #[arg(
        long,
        env = "VITRINE_TRUSTED_PROXIES",
        value_name = "IP",
        value_delimiter = ','
    )]
    pub trusted_proxies: Option<Vec<IpAddr>>,
    /// What is kept of senders' addresses
    #[arg(long, env = "VITRINE_IP", value_name = "WHAT")]
    pub ip: Option<KeepIp>,
    /// Requests a second of one address; 0 is any number
    #[arg(long, env = "VITRINE_REQUESTS_PER_SECOND", value_name = "N")]
    pub requests_per_second: Option<u32>,
    /// Connections at a time
    #[arg(long, env = "VITRINE_CONNECTIONS", value_name = "N")]
    pub connections: Option<usize>,
    /// Seconds until a request's head has to be there
    #[arg(long, env = "VITRINE_HEAD_SECONDS", value_name = "N")]
    pub head_seconds: Option<u64>,
    /// Seconds until a request's body has to be there
    #[arg(long, env = "VITRINE_BODY_SECONDS", value_name = "N")]
    pub body_seconds: Option<u64>,
    /// Seconds that a stop waits for requests under way
    #[arg(long, env = "VITRINE_STOP_SECONDS", value_name = "N")]
    pub stop_seconds: Option<u64>,
    /// A segment is sealed above so many bytes
    #[arg(long, env = "VITRINE_SEGMENT_BYTES", value_name = "N")]
    pub segment_bytes: Option<u64>,
    /// A segment is sealed after so many seconds
    #[arg(long, env = "VITRINE_SEGMENT_SECONDS", value_name = "N")]
    pub segment_seconds: Option<u64>,
    /// Repeats are known for so many days
    #[arg(long, env = "VITRINE_WINDOW_DAYS", value_name = "N")]
    pub window_days: Option<u32>,
    /// Event ids known at most
    #[arg(long, env = "VITRINE_WINDOW_IDS", value_name = "N")]
    pub window_ids: Option<usize>,
    /// Seconds from one compaction to the next; 0 is none
    #[arg(long, env = "VITRINE_COMPACT_EVERY", value_name = "SECONDS")]
    pub compact_every: Option<u64>,
    /// Days that are kept after each compaction; 0 is all
    #[arg(long, env = "VITRINE_RETAIN_DAYS", value_name = "N")]
    pub retain_days: Option<u32>,
    /// Stop when the standard input ends: with the program that started this one
    #[arg(long)]
    pub with_parent: bool,
    /// How log lines look
    #[arg(long, env = "VITRINE_LOG", value_name = "FORMAT")]
    pub log: Option<LogFormat>,
}

fn set<T>(to: &mut T, from: Option<T>) {
    if let Some(value) = from {
        *to = value;
    }
}

impl Settings {
    /// The settings that hold.
    pub fn from(flags: Flags) -> Result<Self> {
        let mut settings = match &flags.config {
            Some(path) => Self::read(path)?,
            None => Self::default(),
        };
        set(&mut settings.data, flags.data);
        set(&mut settings.listen, flags.listen);
        set(&mut settings.origins, flags.origins);
        set(&mut settings.trusted_proxies, flags.trusted_proxies);
        set(&mut settings.ip, flags.ip);
        set(&mut settings.requests_per_second, flags.requests_per_second);
        set(&mut settings.connections, flags.connections);
        set(&mut settings.head_seconds, flags.head_seconds);
        set(&mut settings.body_seconds, flags.body_seconds);
        set(&mut settings.stop_seconds, flags.stop_seconds);
        set(&mut settings.segment_bytes, flags.segment_bytes);
        set(&mut settings.segment_seconds, flags.segment_seconds);
        set(&mut settings.window_days, flags.window_days);
        set(&mut settings.window_ids, flags.window_ids);
        set(&mut settings.compact_every, flags.compact_every);
        set(&mut settings.retain_days, flags.retain_days);
        set(&mut settings.log, flags.log);
        settings.with_parent = flags.with_parent;
        settings.admin_token = flags.admin_token.or(settings.admin_token);
        settings.check()?;
        Ok(settings)
    }

    fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is no settings", path.display()))
    }

    fn check(&self) -> Result<()> {
        let mut names = HashSet::new();
        for site in &self.sites {
            if site.key.len() < 8 {
                bail!("the key of site {:?} is shorter than 8 bytes", site.name);
            }
            // What an address may carry as it is.
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            if !site.key.bytes().all(plain) {
                bail!(
                    "the key of site {:?} has other characters than letters, digits and -._~",
                    site.name
                );
            }
            if !names.insert(&site.key) {
                bail!("two sites have the key of {:?}", site.name);
            }
        }
        let origins = self.sites.iter().flat_map(|site| &site.origins);
        for origin in self.origins.iter().chain(origins) {
            let scheme = origin.starts_with("https://") || origin.starts_with("http://");
            if origin != "*" && (!scheme || origin.matches('/').count() != 2) {
                bail!(
                    "{origin:?} is no origin; https://shop.example is one, without a path, or * for any"
                );
            }
        }
        if !(2..=90).contains(&self.depth) {
            bail!("depth is {}; 2 to 90 are allowed", self.depth);
        }
        if self.retain_days > 0 && self.retain_days < self.window_days {
            bail!(
                "retain_days is {}; 0, or at least the {} of window_days are allowed, as repeats are known by the segments",
                self.retain_days,
                self.window_days
            );
        }
        if self.retain_days > 0 && self.compact_every == 0 {
            bail!(
                "retain_days needs compact_every above 0: days are removed after each compaction"
            );
        }
        if self.connections == 0
            || self.body_bytes == 0
            || self.head_seconds == 0
            || self.body_seconds == 0
        {
            bail!("connections, body_bytes, head_seconds and body_seconds must be above 0");
        }
        Ok(())
    }
}
