//! Which hotspots stand where in the overlay's box.

use super::{Effect, Session};
use crate::config::Config;
use crate::event::Extra;
use crate::geometry::{Fit, Position, Rect, Shape, picture, target_box};
use crate::timeline::Timeline;

/// The smallest target in CSS pixels: for a point, and for a region (WCAG 2.2, 2.5.8).
const POINT_TARGET: f64 = 44.0;
const REGION_TARGET: f64 = 24.0;

/// To a 64th of a pixel: what moves less has not moved, and the numbers stay short as text.
fn snap(pixels: f64) -> f32 {
    round(pixels * 64.0) as f32 / 64.0
}

/// What was measured of the video and the overlay, in CSS pixels. The overlay's element is an
/// empty anchor at its static position beside the video; its box hangs from there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The video's `getBoundingClientRect`.
    pub video: Rect,
    /// The video's `offsetWidth` and `offsetHeight`, which no transform changes.
    pub video_size: (f64, f64),
    /// The video's border and padding: left, top, right, bottom.
    pub inset: [f64; 4],
    /// The left and top of the anchor's `getBoundingClientRect`.
    pub anchor: (f64, f64),
    /// `videoWidth` and `videoHeight`.
    pub natural: (f64, f64),
    /// The computed `object-fit`.
    pub fit: Fit,
    /// The computed `object-position`.
    pub position: Position,
}

pub(super) struct Stage {
    timeline: Timeline,
    /// Where the overlay's box is, in pixels from its static position.
    pub frame: Rect,
    picture: Rect,
    boxes: Vec<[f32; 4]>,
    moved: Vec<f32>,
}

impl Stage {
    pub fn new(config: &Config) -> Self {
        Self {
            timeline: Timeline::new(config.hotspots.iter().map(|h| (h.start, h.end))),
            frame: Rect::default(),
            picture: Rect::default(),
            boxes: vec![[f32::NAN; 4]; config.hotspots.len()],
            moved: Vec::new(),
        }
    }

    /// Other hotspots in the same place.
    pub fn adopt(&mut self, config: &Config) {
        *self = Self { frame: self.frame, picture: self.picture, ..Self::new(config) };
    }

    /// Takes everything off the stage and says what was on it.
    pub fn clear(&mut self) -> Vec<usize> {
        let shown = self.timeline.active().iter().map(|index| *index as usize).collect();
        self.timeline.clear();
        shown
    }

    pub fn moved(&self) -> &[f32] {
        &self.moved
    }

    pub fn clear_moved(&mut self) {
        self.moved.clear();
    }

    pub fn box_of(&self, hotspot: usize) -> Option<[f32; 4]> {
        self.boxes.get(hotspot).copied()
    }

    fn place(&mut self, config: &Config, time: f64) {
        for index in self.timeline.active() {
            let index = *index as usize;
            let (Some(hotspot), Some(last)) = (config.hotspots.get(index), self.boxes.get_mut(index))
            else {
                continue;
            };
            let least = if hotspot.shape == Shape::Point { POINT_TARGET } else { REGION_TARGET };
            let target = target_box(hotspot.path.at(time), self.picture, (least, least));
            let target = [target.x, target.y, target.w, target.h].map(snap);
            if target != *last {
                *last = target;
                self.moved.push(index as f32);
                self.moved.extend(target);
            }
        }
    }
}

impl Session {
    /// Puts the hotspots of `time` on the stage, each in its place.
    pub(super) fn show(&mut self, time: f64) {
        let entered = match self.stage.timeline.seek(time) {
            Some(changes) => {
                for hotspot in changes.left {
                    let hotspot = *hotspot as usize;
                    self.exposures.set_in_view(hotspot, false, self.now.monotonic_ms);
                    self.effects.push(Effect::Hide { hotspot });
                }
                changes.entered.to_vec()
            }
            None => Vec::new(),
        };
        if !entered.is_empty() {
            self.enter(&entered);
        }
        self.stage.place(&self.config, time);
    }

    fn enter(&mut self, entered: &[u32]) {
        let mut before = None;
        // Backwards, so that the one that comes after is always there already.
        for index in self.stage.timeline.active().iter().rev() {
            let hotspot = *index as usize;
            if entered.contains(index) {
                if let Some(last) = self.stage.boxes.get_mut(hotspot) {
                    *last = [f32::NAN; 4];
                }
                self.effects.push(Effect::Show { hotspot, before });
            }
            before = Some(hotspot);
        }
        if self.config.experiment.is_some() && !self.experiment_shown {
            self.experiment_shown = true;
            self.tell("experiment_exposure", Extra::None);
        }
    }

    pub(super) fn layout(&mut self, layout: Layout) {
        let frame = frame_of(&layout);
        let size = (frame.w, frame.h);
        self.stage.picture = picture(size, layout.natural, layout.fit, layout.position);
        if frame != self.stage.frame {
            self.stage.frame = frame;
            self.effects.push(Effect::Frame(frame));
            if self.card.is_some() {
                self.effects.push(Effect::Card { focus: false });
            }
        }
        self.show(self.media.time);
    }
}

/// Where the overlay's box must be, from its anchor, so that it covers the video's content box.
fn frame_of(layout: &Layout) -> Rect {
    let [left, top, right, bottom] = layout.inset;
    let across = scale(layout.video.w, layout.video_size.0);
    let down = scale(layout.video.h, layout.video_size.1);
    Rect {
        x: tidy((layout.video.x - layout.anchor.0) / across + left),
        y: tidy((layout.video.y - layout.anchor.1) / down + top),
        w: tidy((layout.video.w / across - left - right).max(0.0)),
        h: tidy((layout.video.h / down - top - bottom).max(0.0)),
    }
}

/// By how much an ancestor's transform enlarges what is laid out at `laid_out` pixels. Layout
/// sizes are whole numbers, so a difference below one pixel says nothing.
fn scale(drawn: f64, laid_out: f64) -> f64 {
    if laid_out <= 0.0 || drawn <= 0.0 || (drawn - laid_out).abs() < 1.0 { 1.0 } else { drawn / laid_out }
}

/// The nearest whole number. The library's `round` is a function call of its own.
fn round(value: f64) -> f64 {
    (value + 0.5).floor()
}

/// To a hundredth of a pixel, so that rounding noise is no movement.
fn tidy(pixels: f64) -> f64 {
    round(pixels * 100.0) / 100.0
}
