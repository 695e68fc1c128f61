//! The results, and the table of them.

use super::site::{COUNTS, Library};
use super::stats::{quantile, spread};
use std::collections::HashMap;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Script tag to first hotspot painted, nothing cached.
    Cold,
    /// The same with everything cached.
    Warm,
    /// As `Cold`, on a slower processor and network.
    ColdSlow,
    /// As `Warm`, on a slower processor and network.
    WarmSlow,
    /// Frames by which moving hotspots come late.
    ComeMoving,
    /// Frames by which they go late.
    GoMoving,
    /// Frames by which their place is behind.
    Place,
    /// Frames by which hotspots that stand still come late, with no moving one beside them.
    ComeStatic,
    /// Frames by which they go late.
    GoStatic,
    /// Script for each frame of the video, all hotspots on screen and moving.
    Script,
    /// The same, of a Vitrine that has no collector to send events to.
    ScriptAlone,
    /// How often the library looks where its hotspots should be, for each frame of the video.
    Updates,
    /// Everything on the main thread for each frame.
    Task,
    /// The longest task of more than 50 ms, from the script tag on; 0 if there was none.
    LongestTask,
    /// As `Script`, hotspots coming and going.
    ScriptMoving,
    /// As `ScriptAlone`, hotspots coming and going.
    ScriptAloneMoving,
    /// As `Updates`, hotspots coming and going.
    UpdatesMoving,
    /// As `Task`, hotspots coming and going.
    TaskMoving,
    /// As `LongestTask`, hotspots coming and going.
    LongestTaskMoving,
    /// JavaScript and WebAssembly memory in the end.
    Heap,
    /// By how much it grew since a tenth of the time.
    HeapGrowth,
    /// DOM nodes in the end.
    Nodes,
    /// Bytes of scripts and WebAssembly before the first hotspot.
    BytesFirst,
    /// Bytes of scripts and WebAssembly in all.
    BytesAll,
}

/// How a metric is written, in the table's order.
struct Line {
    metric: Metric,
    name: &'static str,
    /// The 50th and 99th percentile, instead of the median and the middle half.
    tail: bool,
    digits: usize,
}

const fn line(metric: Metric, name: &'static str, digits: usize) -> Line {
    Line {
        metric,
        name,
        tail: false,
        digits,
    }
}

const fn tail(metric: Metric, name: &'static str, digits: usize) -> Line {
    Line {
        metric,
        name,
        tail: true,
        digits,
    }
}

const LINES: [Line; 24] = [
    line(Metric::Cold, "first hotspot, cold, ms", 0),
    line(Metric::Warm, "first hotspot, warm, ms", 0),
    line(Metric::ColdSlow, "first hotspot, cold, slow, ms", 0),
    line(Metric::WarmSlow, "first hotspot, warm, slow, ms", 0),
    tail(Metric::ComeMoving, "moving: comes late by frames", 0),
    tail(Metric::GoMoving, "moving: goes late by frames", 0),
    tail(Metric::Place, "moving: place is behind by frames", 1),
    tail(Metric::ComeStatic, "static: comes late by frames", 0),
    tail(Metric::GoStatic, "static: goes late by frames", 0),
    line(Metric::Script, "all at once: script per frame, ms", 2),
    line(Metric::Updates, "all at once: updates per frame", 2),
    line(
        Metric::ScriptAlone,
        "all at once: the same, no collector named, ms",
        2,
    ),
    line(Metric::Task, "all at once: main thread per frame, ms", 2),
    line(
        Metric::LongestTask,
        "all at once: longest task, ms (0: none over 50)",
        0,
    ),
    line(Metric::ScriptMoving, "come and go: script per frame, ms", 2),
    line(Metric::UpdatesMoving, "come and go: updates per frame", 2),
    line(
        Metric::ScriptAloneMoving,
        "come and go: the same, no collector named, ms",
        2,
    ),
    line(
        Metric::TaskMoving,
        "come and go: main thread per frame, ms",
        2,
    ),
    line(
        Metric::LongestTaskMoving,
        "come and go: longest task, ms (0: none over 50)",
        0,
    ),
    line(Metric::Heap, "heap in the end, KiB", 0),
    line(
        Metric::HeapGrowth,
        "heap: growth over the last nine tenths, KiB",
        0,
    ),
    line(Metric::Nodes, "DOM nodes in the end", 0),
    line(
        Metric::BytesFirst,
        "bytes before the first hotspot, brotli",
        0,
    ),
    line(Metric::BytesAll, "bytes in all, brotli", 0),
];

/// All samples.
#[derive(Debug, Default)]
pub struct Results {
    /// The browser's name and version.
    pub browser: String,
    samples: HashMap<(Metric, Library, u32), Vec<f64>>,
}

impl Results {
    /// Adds a sample.
    pub fn add(&mut self, metric: Metric, library: Library, count: u32, value: f64) {
        self.extend(metric, library, count, vec![value]);
    }

    /// Adds samples.
    pub fn extend(&mut self, metric: Metric, library: Library, count: u32, values: Vec<f64>) {
        let samples = self.samples.entry((metric, library, count)).or_default();
        samples.extend(values);
    }

    /// The table in Markdown.
    pub fn table(&self) -> String {
        let mut text =
            "| what | hotspots | Vitrine | peer | ratio |\n| --- | ---: | ---: | ---: | ---: |\n"
                .to_owned();
        for line in LINES {
            for count in COUNTS {
                let of = |library| self.samples.get(&(line.metric, library, count));
                let (Some(ours), Some(theirs)) = (of(Library::Vitrine), of(Library::Peer)) else {
                    continue;
                };
                text.push_str(&format!(
                    "| {} | {count} | {} | {} | {} |\n",
                    line.name,
                    line.cell(ours),
                    line.cell(theirs),
                    line.ratio(ours, theirs),
                ));
            }
        }
        text
    }
}

impl Line {
    fn cell(&self, values: &[f64]) -> String {
        let digits = self.digits;
        if self.tail {
            let [middle, late] = [0.5, 0.99].map(|part| quantile(values, part));
            return format!("{middle:.digits$} / {late:.digits$}");
        }
        match values {
            [one] => format!("{one:.digits$}"),
            _ => spread(values, digits),
        }
    }

    /// Ours by theirs; none for frames, which may be 0 or early.
    fn ratio(&self, ours: &[f64], theirs: &[f64]) -> String {
        let (ours, theirs) = (quantile(ours, 0.5), quantile(theirs, 0.5));
        if self.tail || self.metric == Metric::HeapGrowth || theirs == 0.0 {
            return String::new();
        }
        format!("{:.2}", ours / theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_sets_both_side_by_side() {
        let mut results = Results::default();
        for value in [90.0, 100.0, 130.0] {
            results.add(Metric::Cold, Library::Vitrine, 10, value);
            results.add(Metric::Cold, Library::Peer, 10, value * 2.0);
            results.add(Metric::ComeStatic, Library::Vitrine, 100, 0.0);
            results.add(Metric::ComeStatic, Library::Peer, 100, value / 10.0);
            results.add(Metric::Warm, Library::Vitrine, 10, value);
        }
        let table = results.table();
        let lines: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| first hotspot, cold, ms | 10 | 100 (90–130) | 200 (180–260) | 0.50 |",
                "| static: comes late by frames | 100 | 0 / 0 | 10 / 13 |  |",
            ]
        );
    }
}
