//! What the media element says, and what of it is the viewer's doing.

use super::Session;
use super::watch::Watch;
use crate::event::{Kind, NO_VALUE, NOTHING, Subject};

/// A pause is reported this much later, and a seek this long after its last jump, so that
/// dragging the scrubber is one `seek` and neither a `pause` nor a `play`.
const SETTLE_MS: f64 = 250.0;

/// The longest gap, in seconds, between two times that still counts as watching: hidden tabs get
/// a `timeupdate` a second.
const LONGEST_GAP: f64 = 2.5;

/// `mediaTime` further than this from `currentTime` names another frame: WebKit repeats the one
/// before a seek.
const FRAME_TRUST: f64 = 0.5;

/// A picture that waits for less than this seems to play on.
const NOTICED_MS: f64 = 100.0;

/// While frames come at least this often, `timeupdate` does not move hotspots.
const FRAMES_STOPPED_MS: f64 = 300.0;

/// The media events that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// `play`
    Play,
    /// `pause`
    Pause,
    /// `seeking`
    Seeking,
    /// `seeked`
    Seeked,
    /// `ended`
    Ended,
    /// `waiting`
    Waiting,
    /// `playing`
    Playing,
    /// `timeupdate`
    TimeUpdate,
    /// Any other: only the clock is taken from it.
    Other,
}

impl MediaKind {
    /// From its place in the host's list of media events.
    pub fn numbered(number: u32) -> Self {
        match number {
            0 => Self::Play,
            1 => Self::Pause,
            2 => Self::Seeking,
            3 => Self::Seeked,
            4 => Self::Ended,
            5 => Self::Waiting,
            6 => Self::Playing,
            7 => Self::TimeUpdate,
            _ => Self::Other,
        }
    }
}

/// The media element's flags when it fired an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MediaFlags {
    /// `paused`
    pub paused: bool,
    /// `ended`
    pub ended: bool,
    /// `seeking`
    pub seeking: bool,
    /// `loop`
    pub repeats: bool,
}

/// What is known of the media element.
#[derive(Debug, Default)]
pub(super) struct Media {
    /// Seconds: the frame on screen.
    pub time: f64,
    pub watch: Watch,
    pub paused: bool,
    duration: f64,
    seeking: bool,
    segment: i32,
    /// A pause that may turn out to be part of a seek: when, and where.
    pause: Option<(f64, f64)>,
    /// Where a seek began.
    seek_from: Option<f64>,
    /// When its last jump arrived, and where.
    seeked: Option<(f64, f64)>,
    waiting_since: Option<f64>,
    end_reported: bool,
    last_frame: f64,
}

impl Media {
    pub fn begin_view(&mut self) {
        self.watch = Watch::default();
        self.segment = NOTHING;
        self.end_reported = false;
        self.waiting_since = None;
        self.last_frame = f64::NEG_INFINITY;
    }

    /// When a held-back pause or seek is due.
    pub fn deadline(&self) -> Option<f64> {
        let since = match (self.seek_from, self.seeked, self.pause) {
            (Some(_), Some((seeked, _)), _) => seeked,
            (None, _, Some((paused, _))) => paused,
            _ => return None,
        };
        Some(since + SETTLE_MS)
    }
}

impl Session {
    /// A video frame is being presented: `requestVideoFrameCallback`'s `mediaTime` and the
    /// element's `currentTime`, both in seconds, and whether the element seeks.
    pub fn frame(&mut self, media_time: f64, current_time: f64, seeking: bool) {
        self.media.last_frame = self.now;
        let near = |time: f64| (media_time - time).abs() <= FRAME_TRUST;
        if !self.media.paused && near(current_time) {
            self.advance(media_time);
        } else if !seeking {
            self.advance(current_time);
        } else if !self.media.paused && !near(self.media.time) {
            // The first frame of where it goes; not one of before, which may come when `currentTime`
            // is already that of after.
            self.advance(media_time);
        }
    }

    /// The picture now shows `time`.
    fn advance(&mut self, time: f64) {
        let continuous = !self.media.paused && !self.media.seeking;
        self.media.time = time;
        self.media.watch.advance(time, continuous, LONGEST_GAP);
        self.show(time);
        if continuous {
            self.milestones();
            self.enter_segment();
        }
    }

    fn milestones(&mut self) {
        let known = self.media.duration;
        let duration = if known > 0.0 {
            known
        } else {
            self.config.video.duration.unwrap_or(0.0)
        };
        while let Some(percent) = self.media.watch.milestone(duration) {
            self.tell(Kind::Progress, f64::from(percent));
        }
    }

    /// The named stretch of the video that is on.
    pub(super) fn segment(&self) -> i32 {
        let time = self.media.time;
        for (index, segment) in (0..).zip(&self.config.video.segments) {
            if segment.start <= time && time < segment.end {
                return index;
            }
        }
        NOTHING
    }

    fn enter_segment(&mut self) {
        let current = self.segment();
        if current != self.media.segment {
            self.media.segment = current;
            if current != NOTHING {
                self.tell(Kind::SegmentEnter, NO_VALUE);
            }
        }
    }

    /// The media element fired an event: with its `currentTime` and `duration` in seconds, the
    /// latter NaN while it is unknown, and its flags at that moment.
    pub fn media_event(&mut self, kind: MediaKind, at: f64, duration: f64, flags: MediaFlags) {
        if duration.is_finite() {
            self.media.duration = duration;
        }
        match kind {
            MediaKind::Play => self.play(),
            MediaKind::Pause => self.pause(at, flags),
            MediaKind::Seeking => self.seeking(at, flags),
            MediaKind::Seeked => self.seeked(at, flags),
            MediaKind::Ended => self.video_ended(at),
            MediaKind::Waiting if !flags.seeking => {
                self.media.waiting_since.get_or_insert(self.now);
            }
            MediaKind::Playing => self.playing(),
            MediaKind::TimeUpdate => {
                let silent = self.now - self.media.last_frame;
                if !flags.seeking && silent > FRAMES_STOPPED_MS {
                    self.advance(at);
                }
            }
            MediaKind::Waiting | MediaKind::Other => {}
        }
        self.media.paused = flags.paused;
        self.media.seeking = flags.seeking;
    }

    fn play(&mut self) {
        // Pausing, seeking and playing on is what dragging the scrubber looks like.
        let scrubbed = self.media.seek_from.is_some() && self.media.pause.take().is_some();
        if !scrubbed {
            self.settle();
            self.tell(Kind::Play, NO_VALUE);
        }
    }

    fn pause(&mut self, at: f64, flags: MediaFlags) {
        if !flags.ended && self.media.pause.is_none() {
            // A page that pauses and jumps at once has `currentTime` changed before this is heard.
            if !flags.seeking {
                self.media.time = at;
            }
            self.media.pause = Some((self.now, self.media.time));
        }
    }

    fn seeking(&mut self, at: f64, flags: MediaFlags) {
        let from = self.media.time;
        self.media.watch.interrupt();
        self.media.seeked = None;
        let repeats = flags.repeats && at < 0.5 && from > self.media.duration - 0.5;
        if repeats {
            self.media.time = at;
        } else {
            self.media.seek_from.get_or_insert(from);
        }
    }

    fn seeked(&mut self, at: f64, flags: MediaFlags) {
        self.media.seeking = flags.seeking;
        self.media.time = at;
        if self.media.seek_from.is_some() {
            self.media.seeked = Some((self.now, at));
        }
        self.media.watch.interrupt();
        self.show(at);
        self.move_card();
    }

    fn video_ended(&mut self, at: f64) {
        self.media.paused = false;
        self.advance(at);
        self.settle();
        if !self.media.end_reported {
            self.media.end_reported = true;
            self.tell(Kind::End, NO_VALUE);
        }
    }

    fn playing(&mut self) {
        if let Some(since) = self.media.waiting_since.take() {
            let waited = self.now - since;
            if waited >= NOTICED_MS {
                self.tell(Kind::Buffer, waited);
            }
        }
    }

    /// Reports a pause and a seek that were held back.
    pub(super) fn settle(&mut self) {
        if let Some((when, at)) = self.media.pause.take() {
            self.tell_earlier(Kind::Pause, when, at, NO_VALUE);
        }
        // A seek that has not arrived is reported where it was going: the page is being left.
        let landed = self.media.seeked.take();
        if let Some(from) = self.media.seek_from.take() {
            let (when, at) = landed.unwrap_or((self.now, self.media.time));
            self.tell_earlier(Kind::Seek, when, at, from);
        }
    }

    fn tell_earlier(&mut self, kind: Kind, when: f64, at: f64, value: f64) {
        let (now, time) = (self.now, self.media.time);
        (self.now, self.media.time) = (when, at);
        self.emit(kind, 0, Subject::VIDEO, value, 0);
        (self.now, self.media.time) = (now, time);
    }
}
