//! What a frame of video costs the timeline and the paths, at 10, 1,000 and 10,000 hotspots.
#![allow(missing_docs)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use vitrine::motion::{Interpolation, Keyframe, Path, Place};
use vitrine::timeline::Timeline;

const COUNTS: [u32; 3] = [10, 1_000, 10_000];
const DURATION: f64 = 600.0;

/// A repeatable sequence of numbers between 0 and 1.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 40) as f64 / (1u64 << 24) as f64
    }
}

/// Ten minutes of hotspots of half a second to ten seconds, each on a curve of nine keyframes.
fn hotspots(count: u32) -> (Timeline, Vec<Path>) {
    let mut numbers = Numbers(7);
    let mut intervals = Vec::new();
    let mut paths = Vec::new();
    for number in 0..count {
        // By ascending start, as a config has them.
        let start = (f64::from(number) + numbers.next()) / f64::from(count) * DURATION;
        let length = 0.5 + numbers.next() * 9.5;
        intervals.push((start, start + length));
        let keyframes = (0..9).map(|step| Keyframe {
            time: start + length * f64::from(step) / 8.0,
            place: Place {
                x: numbers.next() * 100.0,
                y: numbers.next() * 100.0,
                w: 10.0,
                h: 10.0,
            },
        });
        paths.push(Path {
            keyframes: keyframes.collect(),
            interpolation: Interpolation::CatmullRom,
        });
    }
    (Timeline::new(intervals.into_iter()), paths)
}

fn place_active(timeline: &Timeline, paths: &[Path], t: f64) {
    for &index in timeline.active() {
        if let Some(path) = paths.get(index as usize) {
            black_box(path.at(t));
        }
    }
}

fn nothing_changes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frame in which nothing changes");
    for count in COUNTS {
        let (mut timeline, _) = hotspots(count);
        timeline.seek(DURATION / 2.0);
        group.bench_function(BenchmarkId::from_parameter(count), |bench| {
            bench.iter(|| timeline.seek(black_box(DURATION / 2.0)).is_some());
        });
    }
    group.finish();
}

fn play_through(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("play through at 60 fps");
    group.sample_size(10);
    let frames = (DURATION * 60.0) as u32;
    group.throughput(Throughput::Elements(u64::from(frames)));
    for count in COUNTS {
        let (mut timeline, paths) = hotspots(count);
        group.bench_function(BenchmarkId::new("timeline", count), |bench| {
            bench.iter(|| {
                for frame in 0..frames {
                    black_box(timeline.seek(f64::from(frame) / 60.0));
                }
            });
        });
        group.bench_function(BenchmarkId::new("timeline and places", count), |bench| {
            bench.iter(|| {
                for frame in 0..frames {
                    let t = f64::from(frame) / 60.0;
                    black_box(timeline.seek(t));
                    place_active(&timeline, &paths, t);
                }
            });
        });
    }
    group.finish();
}

fn random_seeks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("random seek");
    for count in COUNTS {
        let (mut timeline, _) = hotspots(count);
        let mut numbers = Numbers(11);
        group.bench_function(BenchmarkId::from_parameter(count), |bench| {
            bench.iter(|| timeline.seek(numbers.next() * DURATION).is_some());
        });
    }
    group.finish();
}

criterion_group!(benches, nothing_changes, play_through, random_seeks);
criterion_main!(benches);
