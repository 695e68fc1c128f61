//! How fast segments become Parquet, and how small: `cargo run --profile collector -p vitrine-collector
//! --example compaction -- 2000000`. Views as the overlay reports them, of one day, 20 events a batch.

use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::time::Instant;
use vitrine_collector::archive::{Limits, compact};

/// A segment's size, as the collector seals it.
const SEGMENT: u64 = 64 << 20;
/// 2026-05-04T00:00:00Z
const START: u64 = 1_777_852_800_000;

/// Numbers that look random and are the same in every run (xorshift64).
struct Random(u64);

impl Random {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % below
    }

    /// A UUIDv7.
    fn id(&mut self, time: u64) -> String {
        let (a, b, c) = (self.next(1 << 12), self.next(1 << 14), self.next(1 << 48));
        format!(
            "{:08x}-{:04x}-7{a:03x}-{:04x}-{c:012x}",
            time >> 16,
            time & 0xffff,
            0x8000 | b
        )
    }
}

const TYPES: [&str; 10] = [
    "impression",
    "play",
    "progress",
    "hotspot_exposure",
    "hotspot_exposure",
    "hotspot_click",
    "view_item",
    "add_to_cart",
    "cart_outcome",
    "view_end",
];

/// A batch of one view.
fn batch(random: &mut Random, time: u64) -> String {
    let [viewer, session, view] = [0, 1, 2].map(|_| random.id(time));
    let video = random.next(40);
    let mut events = String::new();
    let mut cause = String::new();
    for seq in 0..20 {
        let at = time + seq * 700 + random.next(600);
        let id = random.id(at);
        let of_day = (at - START) % 86_400_000;
        let kind = TYPES[(seq as usize / 2) % TYPES.len()];
        let hotspot = random.next(12);
        if seq > 0 {
            events.push(',');
        }
        _ = write!(
            events,
            r#"{{"id":"{id}","seq":{seq},"type":"{kind}","time":"2026-05-04T{:02}:{:02}:{:02}.{:03}Z","elapsed_ms":{},"viewer_id":"{viewer}","session_id":"{session}","view_id":"{view}","video_id":"look-{video}","media_time":{:.3},"hotspot_id":"spot-{hotspot}""#,
            of_day / 3_600_000,
            of_day / 60_000 % 60,
            of_day / 1_000 % 60,
            of_day % 1_000,
            at - time,
            (at - time) as f64 / 1_000.0
        );
        if seq > 5 {
            _ = write!(
                events,
                r#","cause":"{cause}","value":{},"currency":"EUR""#,
                100 * random.next(200)
            );
        }
        if seq > 9 {
            _ = write!(
                events,
                r#","items":[{{"item_id":"bag-{hotspot}","item_name":"Leather bag","price":9900,"quantity":1}}]"#
            );
        }
        events.push('}');
        cause = id;
    }
    format!(
        r#"{{"v":1,"received_at":{0},"sent_at":{0},"site":"default","bot":false,"user_agent":"Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0","context":{{"page_url":"https://shop.example/look-{video}","referrer":"","campaign":{{"source":"newsletter"}},"locale":"en","viewport":[1280,720]}},"events":[{events}]}}"#,
        time + 14_000
    )
}

fn fill(data: &Path, events: u64) -> Result<u64> {
    let segments = data.join("segments");
    std::fs::create_dir_all(&segments)?;
    let (mut random, mut number, mut written, mut total) =
        (Random(88_172_645_463_325_252), 0_u64, SEGMENT, 0);
    let mut file = None;
    for index in 0..events / 20 {
        if written >= SEGMENT {
            number += 1;
            let path = segments.join(format!("{number:020}.ndjson"));
            file = Some(std::io::BufWriter::new(std::fs::File::create(path)?));
            written = 0;
        }
        let line = batch(&mut random, START + index * 86_000_000 / (events / 20)) + "\n";
        file.as_mut()
            .context("a segment")?
            .write_all(line.as_bytes())?;
        written += line.len() as u64;
        total += line.len() as u64;
    }
    // The open one.
    std::fs::write(segments.join(format!("{:020}.ndjson", number + 1)), "")?;
    Ok(total)
}

fn size(directory: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        sum += if entry.file_type()?.is_dir() {
            size(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(sum)
}

fn main() -> Result<()> {
    let events: u64 = std::env::args()
        .nth(1)
        .map_or(Ok(2_000_000), |text| text.parse())?;
    let directory = tempfile::tempdir()?;
    let data = directory.path();
    let written = fill(data, events)?;
    let start = Instant::now();
    let done = compact(data, Limits::default())?;
    let seconds = start.elapsed().as_secs_f64();
    let archived = size(&data.join("archive"))?;
    let items = size(&data.join("archive/items"))?;
    let rate = done.events as f64 / seconds;
    println!(
        "{} events, {} items of {} segments in {seconds:.1} s: {rate:.0} events/s",
        done.events, done.items, done.segments
    );
    let per = |bytes: u64| bytes as f64 / done.events as f64;
    println!(
        "bytes per event: {:.1} in segments, {:.1} in the archive ({:.1} of them for its items)",
        per(written),
        per(archived),
        per(items)
    );
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or_default();
    println!("most memory: {}", peak.trim_start_matches("VmHWM:").trim());
    Ok(())
}
