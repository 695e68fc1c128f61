//! Which hotspots stand where in the overlay's box.

use super::Session;
use super::effect::{Do, push};
use super::spot::between;
use crate::config::{Config, Hotspot};
use crate::event::{Kind, NO_VALUE, NOTHING};
use crate::geometry::{Fit, Position, Rect, Shape, picture, reachable, target_box};
use crate::timeline::Timeline;
use alloc::vec::Vec;

/// The smallest target in CSS pixels: for a point, and for a region (WCAG 2.2, 2.5.8).
const POINT_TARGET: f64 = 44.0;
const REGION_TARGET: f64 = 24.0;

/// Half of what a dot is seen by, with some air around it.
const DOT: f64 = 12.0;

/// How much of its lower edge a browser's own controls take, in CSS pixels: measured in Chromium,
/// whose bar is the highest.
const NATIVE_BAR: f64 = 72.0;

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
    /// How far the video is from the anchor by `offsetLeft` and `offsetTop`: whole pixels, but
    /// before all transforms. NaN where they cannot be compared.
    pub offset: (f64, f64),
    /// What the page asked to keep free of hotspots: left, top, right, bottom. Negative where it
    /// said nothing.
    pub safe: [f64; 4],
    /// The `getBoundingClientRect` of the player's control bar; without a size where none was found.
    pub bar: Rect,
    /// The video has the browser's own controls.
    pub controls: bool,
}

/// Layout's whole numbers are each half a pixel off at most.
const TRUST: f64 = 1.5;

/// What a hotspot's place is measured by, in pixels of the overlay's box.
#[derive(Clone, Copy)]
pub(super) struct Ground {
    frame: Rect,
    safe: Rect,
    picture: Rect,
}

/// A hotspot's box at this time, in pixels of the overlay's box, and how far from its centre its dot is.
#[inline(never)]
pub(super) fn box_at(hotspot: &Hotspot, ground: Ground, time: f64) -> [f32; 6] {
    let point = matches!(hotspot.shape, Shape::Point);
    let least = if point { POINT_TARGET } else { REGION_TARGET };
    let target = target_box(hotspot.path.at(time), ground.picture, (least, least));
    let cut = matches!(hotspot.shape, Shape::Rect);
    let safe = ground.safe;
    let Rect { x, y, w, h } = reachable(target, ground.frame, safe, least, cut);
    let (mut across, mut down) = (0.0, 0.0);
    if !point {
        across = aside(x, w, safe.x, safe.w);
        down = aside(y, h, safe.y, safe.h);
    }
    [x, y, w, h, across, down].map(snap)
}

/// How far a region's dot moves from its middle to be seen as a whole, without leaving the region.
#[inline(never)]
fn aside(start: f64, length: f64, first: f64, room: f64) -> f64 {
    let middle = start + length / 2.0;
    let seen = between(first + DOT, middle, first + room - DOT);
    between(start, seen, start + length) - middle
}

/// The box of a hotspot that is not on the stage, and of one that has just come there.
const NOWHERE: [f32; 6] = [f32::NAN; 6];
const UNPLACED: [f32; 6] = [f32::INFINITY; 6];

/// So many hotspots come at once, the others a painted frame later: to make, lay out and paint one costs a
/// third of a millisecond, and a browser's task should not take 50.
const AT_ONCE: u32 = 64;
pub(super) const FRAME_MS: f64 = 16.0;

pub(super) struct Stage {
    timeline: Timeline,
    /// Where the overlay's box is, in pixels from its static position.
    pub frame: Rect,
    /// The part of that box that is the hotspots' and the card's.
    pub safe: Rect,
    picture: Rect,
    /// Where each hotspot was last placed.
    boxes: Vec<[f32; 6]>,
    /// There were too many hotspots at once: the others are still to come.
    pub rest: bool,
}

impl Stage {
    pub fn new() -> Self {
        Self {
            timeline: Timeline::new(core::iter::empty()),
            frame: Rect::default(),
            safe: Rect::default(),
            picture: Rect::default(),
            boxes: Vec::new(),
            rest: false,
        }
    }

    /// Other hotspots in the same place.
    pub fn adopt(&mut self, config: &Config) {
        self.timeline = Timeline::new(config.hotspots.iter().map(|h| (h.start, h.end)));
        self.boxes.clear();
        for _ in &config.hotspots {
            self.boxes.push(NOWHERE);
        }
    }

    /// Where hotspots and the card may be.
    pub fn ground(&self) -> Ground {
        Ground {
            frame: self.frame,
            safe: self.safe,
            picture: self.picture,
        }
    }
}

impl Session {
    /// Takes everything off the stage.
    pub(super) fn clear_stage(&mut self) {
        for index in self.stage.timeline.active() {
            hide(&mut self.stage.boxes, &mut self.effects, *index);
        }
        self.stage.timeline.clear();
    }

    /// Puts the hotspots of `time` on the stage, each in its place.
    pub(super) fn show(&mut self, time: f64) {
        let mut entered = core::mem::take(&mut self.stage.rest);
        if let Some(changes) = self.stage.timeline.seek(time) {
            for index in changes.left {
                self.exposures.set_in_view(*index as usize, false, self.now);
                hide(&mut self.stage.boxes, &mut self.effects, *index);
            }
            entered |= !changes.entered.is_empty();
        }
        if entered {
            self.enter();
        }
        // Where nothing says when, with the first hotspot.
        if let Some(experiment) = self.config.experiment
            && !self.experiment_shown
            && (time >= experiment.start || entered && experiment.start.is_nan())
        {
            self.experiment_shown = true;
            self.tell(Kind::ExperimentExposure, NO_VALUE);
        }
        let ground = self.stage.ground();
        for index in self.stage.timeline.active() {
            let place = *index as usize;
            let (Some(hotspot), Some(last)) = (
                self.config.hotspots.get(place),
                self.stage.boxes.get_mut(place),
            ) else {
                continue;
            };
            if last[0].is_nan() {
                continue;
            }
            let target = box_at(hotspot, ground, time);
            if target != *last {
                *last = target;
                let [x, y, w, h, across, down] = target.map(f64::from);
                push(
                    &mut self.effects,
                    Do::Place,
                    &[f64::from(*index), x, y, w, h, across, down],
                );
            }
        }
    }

    /// Puts on the stage what shall be there and is not.
    fn enter(&mut self) {
        let (mut before, mut left) = (f64::from(NOTHING), AT_ONCE);
        // Backwards, so that the one that comes after is always there already.
        for index in self.stage.timeline.active().iter().rev() {
            let hotspot = f64::from(*index);
            if let Some(last) = self.stage.boxes.get_mut(*index as usize)
                && last[0].is_nan()
            {
                if left == 0 {
                    self.stage.rest = true;
                    break;
                }
                left -= 1;
                *last = UNPLACED;
                push(&mut self.effects, Do::Show, &[hotspot, before]);
            }
            before = hotspot;
        }
    }

    /// The video's box, its picture or the overlay's own box was measured anew.
    pub fn layout(&mut self, layout: &Layout) {
        let frame = frame_of(layout);
        let safe = safe_of(layout, frame);
        let size = (frame.w, frame.h);
        let picture = picture(size, layout.natural, layout.fit, layout.position);
        let moved =
            frame != self.stage.frame || safe != self.stage.safe || picture != self.stage.picture;
        self.stage.picture = picture;
        if moved {
            self.stage.frame = frame;
            self.stage.safe = safe;
            let (right, bottom) = (frame.w - safe.x - safe.w, frame.h - safe.y - safe.h);
            push(
                &mut self.effects,
                Do::Frame,
                &[
                    frame.x,
                    frame.y,
                    frame.w,
                    frame.h,
                    safe.x,
                    safe.y,
                    right,
                    bottom,
                    frame.w - picture.w,
                    frame.h - picture.h,
                    picture.x,
                    picture.y,
                ],
            );
        }
        self.show(self.media.time);
        if moved {
            self.move_card();
        }
    }
}

/// Takes a hotspot off the stage, if it ever came there.
fn hide(boxes: &mut [[f32; 6]], effects: &mut Vec<f64>, index: u32) {
    if let Some(last) = boxes.get_mut(index as usize)
        && !last[0].is_nan()
    {
        *last = NOWHERE;
        push(effects, Do::Hide, &[f64::from(index)]);
    }
}

/// Where the overlay's box must be, from its anchor, so that it covers the video's content box.
fn frame_of(layout: &Layout) -> Rect {
    let [left, top, right, bottom] = layout.inset;
    let (across, down) = scales(layout);
    let (wide, high) = layout.video_size;
    let x = (layout.video.x - layout.anchor.0) / across;
    let y = (layout.video.y - layout.anchor.1) / down;
    Rect {
        x: tidy(trusted(x, layout.offset.0) + left),
        y: tidy(trusted(y, layout.offset.1) + top),
        w: tidy(positive(
            trusted(layout.video.w / across, wide) - left - right,
        )),
        h: tidy(positive(
            trusted(layout.video.h / down, high) - top - bottom,
        )),
    }
}

/// How much an ancestor's transform enlarges the video, across and down.
fn scales(layout: &Layout) -> (f64, f64) {
    let (wide, high) = layout.video_size;
    (scale(layout.video.w, wide), scale(layout.video.h, high))
}

/// The exact length, unless the whole number says that a transform made it another one: then the
/// box that was measured is that of a turned, enlarged or mirrored video.
fn trusted(exact: f64, whole: f64) -> f64 {
    if (exact - whole).abs() > TRUST {
        whole
    } else {
        exact
    }
}

/// The part of the frame that is left of what the page keeps free, and the player's control bar.
fn safe_of(layout: &Layout, frame: Rect) -> Rect {
    let [left, top, right, bottom] = layout.safe;
    let bottom = if bottom < 0.0 {
        bar_height(layout, frame)
    } else {
        bottom
    };
    let (left, top) = (positive(left), positive(top));
    Rect {
        x: left,
        y: top,
        w: positive(frame.w - left - positive(right)),
        h: positive(frame.h - top - bottom),
    }
}

/// How much of the frame the control bar takes from below; a layer over half of it is no bar.
fn bar_height(layout: &Layout, frame: Rect) -> f64 {
    let Layout { bar, video, .. } = layout;
    let (_, down) = scales(layout);
    let top = (bar.y - layout.anchor.1) / down - frame.y;
    let across = bar.x < video.x + video.w && bar.x + bar.w > video.x;
    let height = if layout.controls {
        NATIVE_BAR
    } else if across && top + bar.h / down > 0.0 {
        positive(tidy(frame.h - top))
    } else {
        0.0
    };
    if height > frame.h / 2.0 { 0.0 } else { height }
}

/// The library's `max` is a function call of its own.
fn positive(length: f64) -> f64 {
    if length > 0.0 { length } else { 0.0 }
}

/// By how much an ancestor's transform enlarges what is laid out at `laid_out` pixels. Layout
/// sizes are whole numbers, so a difference below one pixel says nothing.
fn scale(drawn: f64, laid_out: f64) -> f64 {
    if laid_out <= 0.0 || drawn <= 0.0 || (drawn - laid_out).abs() < 1.0 {
        1.0
    } else {
        drawn / laid_out
    }
}

/// The nearest whole number. The library's `round` is a function call of its own.
fn round(value: f64) -> f64 {
    let (up, whole) = (value + 0.5, (value + 0.5) as i64 as f64);
    if whole > up { whole - 1.0 } else { whole }
}

/// To a hundredth of a pixel, so that rounding noise is no movement.
fn tidy(pixels: f64) -> f64 {
    round(pixels * 100.0) / 100.0
}
