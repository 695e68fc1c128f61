//! The rows of numbers that the host gets, in words.
#![cfg(not(target_arch = "wasm32"))]

use vitrine::event::KINDS;
use vitrine::session::Do;

/// The field that some kinds of event have beside those that all share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extra {
    None,
    Number(&'static str, f64),
    Word(&'static str, &'static str),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Subject {
    pub hotspot: Option<usize>,
    pub product: Option<usize>,
    pub variant: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub number: u32,
    pub kind: &'static str,
    pub seq: u32,
    pub view: u32,
    pub cause: u32,
    pub now: f64,
    pub elapsed_ms: f64,
    pub media_time: f64,
    pub segment: Option<usize>,
    pub subject: Subject,
    pub note: u32,
    pub extra: Extra,
    /// What only `view_end` has.
    pub rest: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Emit(Event),
    Show {
        hotspot: usize,
        before: Option<usize>,
    },
    Hide {
        hotspot: usize,
    },
    Place([f64; 5]),
    FocusHotspot(usize),
    Ask {
        ask: u8,
        about: u32,
        event: u32,
    },
    CallCart {
        request: u32,
        event: u32,
    },
    Open {
        hotspot: usize,
    },
    Checkout {
        note: u32,
    },
    Seek(f64),
    Play(bool),
    Leave,
    /// The frame, the card and the timer.
    Other(Vec<f64>),
}

fn place(number: f64) -> Option<usize> {
    (number >= 0.0).then_some(number as usize)
}

fn event(row: &[f64]) -> Event {
    let [
        number,
        kind,
        seq,
        view,
        cause,
        now,
        elapsed_ms,
        media_time,
        segment,
        hotspot,
        product,
        variant,
        note,
        value,
        rest @ ..,
    ] = row
    else {
        panic!("{row:?}");
    };
    let words: Vec<&'static str> = KINDS
        .split(' ')
        .nth(*kind as usize)
        .unwrap()
        .split(':')
        .collect();
    let extra = match words[1..] {
        _ if value.is_nan() => Extra::None,
        [key] => Extra::Number(key, *value),
        [key, ..] => Extra::Word(key, words[2 + *value as usize]),
        [] => panic!("{} has no field", words[0]),
    };
    Event {
        number: *number as u32,
        kind: words[0],
        seq: *seq as u32,
        view: *view as u32,
        cause: *cause as u32,
        now: *now,
        elapsed_ms: *elapsed_ms,
        media_time: *media_time,
        segment: place(*segment),
        subject: Subject {
            hotspot: place(*hotspot),
            product: place(*product),
            variant: place(*variant),
        },
        note: *note as u32,
        extra,
        rest: rest.to_vec(),
    }
}

/// Reads rows as `carry` in `www/host.js` does.
pub fn read(mut rows: &[f64]) -> Vec<Effect> {
    let mut effects = Vec::new();
    while let [length, ..] = rows {
        let (row, others) = rows.split_at(*length as usize);
        let is = |what: Do| row[1] == f64::from(what as u8);
        effects.push(match row[2..] {
            [..] if is(Do::Emit) => Effect::Emit(event(&row[2..])),
            [hotspot, before] if is(Do::Show) => Effect::Show {
                hotspot: hotspot as usize,
                before: place(before),
            },
            [hotspot] if is(Do::Hide) => Effect::Hide {
                hotspot: hotspot as usize,
            },
            [index, x, y, w, h, ..] if is(Do::Place) => Effect::Place([index, x, y, w, h]),
            [hotspot] if is(Do::Focus) => Effect::FocusHotspot(hotspot as usize),
            [ask, about, event] if is(Do::Ask) => Effect::Ask {
                ask: ask as u8,
                about: about as u32,
                event: event as u32,
            },
            [request, event] if is(Do::Call) => Effect::CallCart {
                request: request as u32,
                event: event as u32,
            },
            [hotspot, note] if is(Do::Open) => match place(hotspot) {
                Some(hotspot) => Effect::Open { hotspot },
                None => Effect::Checkout { note: note as u32 },
            },
            [time] if is(Do::Seek) => Effect::Seek(time),
            [on] if is(Do::Play) => Effect::Play(on != 0.0),
            [] if is(Do::Leave) => Effect::Leave,
            _ => Effect::Other(row.to_vec()),
        });
        rows = others;
    }
    effects
}
