//! The reducer: what happens goes in, events and effects come out.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod page;

use page::{Effect, Extra, Input, Page, read, session};
use serde_json::json;
use vitrine::config::{Experiment, decode};
use vitrine::event::KINDS;
use vitrine::session::{Act, MediaFlags, MediaKind, Session};

#[test]
fn the_host_knows_the_same_kinds() {
    let host = include_str!("../www/shop.js");
    assert!(host.contains(&format!("const KINDS = \"{KINDS}\"")));
}

#[test]
fn hotspots_come_and_go_on_their_frames_and_move() {
    let mut page = Page::new();
    page.play(0.0, 1.96);
    assert!(page.shown().is_empty());
    page.play(2.0, 2.0);
    assert_eq!(page.shown(), [0]);
    // Frames of a 44 pixel target whose centre is at 20 % and half of the height.
    assert_eq!(
        page.moved()[..5],
        [0.0, 160.0 - 22.0, 225.0 - 22.0, 44.0, 44.0]
    );
    page.play(5.0, 5.04);
    assert_eq!(page.shown(), [0, 1]);
    page.seek(12.0);
    assert!(page.shown().is_empty());
    page.seek(6.0);
    assert_eq!(page.shown(), [0, 1], "time order, also after a jump");
}

#[test]
fn a_frame_that_changes_nothing_asks_for_nothing() {
    let mut page = Page::new();
    page.seek(16.5);
    page.wait(1_000.0);
    page.effects.clear();
    page.effects.clear();
    for _ in 0..10 {
        page.feed(Input::Frame {
            media_time: 16.5,
            current_time: 16.5,
        });
    }
    assert!(page.effects.is_empty());
}

#[test]
fn seq_has_no_gap_and_everything_is_timed() {
    let mut page = Page::new();
    page.play(0.0, 20.0);
    page.feed(Input::Leave);
    for (index, event) in page.events.iter().enumerate() {
        assert_eq!(event.seq as usize, index);
        assert_eq!(event.number as usize, index + 1);
        assert!(event.media_time <= 20.0 && event.elapsed_ms >= 0.0);
    }
    assert_eq!(page.events.first().unwrap().kind, "impression");
    assert_eq!(page.events.last().unwrap().kind, "view_end");
    let before = page.events.len();
    page.feed(Input::Track { note: 1 });
    page.feed(Input::Leave);
    assert_eq!(page.events.len(), before, "nothing after the end");
    page.feed(Input::Start { playing: false });
    let again = page.events.last().unwrap();
    assert_eq!((again.kind, again.seq, again.view), ("impression", 0, 2));
}

#[test]
fn segments_progress_and_end() {
    let mut page = Page::new();
    page.play(0.0, 20.0);
    page.media(
        MediaKind::Ended,
        20.0,
        MediaFlags {
            paused: true,
            ended: true,
            ..MediaFlags::default()
        },
    );
    let percents: Vec<_> = page
        .events
        .iter()
        .filter(|e| e.kind == "progress")
        .map(|e| e.extra)
        .collect();
    assert_eq!(
        percents,
        [25.0, 50.0, 75.0, 100.0].map(|p| Extra::Number("percent", p))
    );
    let entered: Vec<_> = page
        .events
        .iter()
        .filter(|e| e.kind == "segment_enter")
        .map(|e| e.segment)
        .collect();
    assert_eq!(entered, [Some(0), Some(1)]);
    assert_eq!(
        page.kinds().iter().filter(|kind| **kind == "end").count(),
        1
    );
    assert!(!page.kinds().contains(&"pause"), "the end is no pause");
}

#[test]
fn dragging_the_scrubber_is_one_seek() {
    let mut page = Page::new();
    page.play(0.0, 3.0);
    page.pause(3.0);
    for to in [4.0, 6.0, 9.0] {
        page.seek(to);
    }
    page.media(MediaKind::Play, 9.0, MediaFlags::default());
    page.play(9.0, 10.0);
    let told: Vec<_> = page
        .kinds()
        .into_iter()
        .filter(|kind| matches!(*kind, "play" | "pause" | "seek"))
        .collect();
    assert_eq!(told, ["play", "seek"]);
    let seek = page.last("seek");
    assert_eq!(
        (seek.extra, seek.media_time),
        (Extra::Number("from", 3.0), 9.0)
    );
    assert_eq!(page.session.watched(), [(0.0, 3.0), (9.0, 10.0)]);
}

#[test]
fn a_real_pause_is_told_with_its_own_time() {
    let mut page = Page::new();
    page.play(0.0, 3.0);
    page.pause(3.0);
    let paused_at = page.now;
    page.wait(2_000.0);
    let pause = page.last("pause");
    assert_eq!((pause.media_time, pause.now), (3.0, paused_at));
    page.pause(3.0);
    page.media(MediaKind::Play, 3.0, MediaFlags::default());
    assert_eq!(page.kinds()[page.events.len() - 2..], ["pause", "play"]);
}

#[test]
fn a_loop_is_no_seek() {
    let mut page = Page::new();
    page.play(18.0, 20.0);
    let flags = MediaFlags {
        repeats: true,
        seeking: true,
        ..MediaFlags::default()
    };
    page.media(MediaKind::Seeking, 0.0, flags);
    page.media(
        MediaKind::Seeked,
        0.0,
        MediaFlags {
            repeats: true,
            ..MediaFlags::default()
        },
    );
    page.play(0.0, 1.0);
    assert!(!page.kinds().contains(&"seek"));
    assert_eq!(page.session.watched(), [(0.0, 1.0), (18.0, 20.0)]);
}

#[test]
fn webkit_repeats_an_old_media_time_after_a_seek() {
    let mut page = Page::new();
    page.play(0.0, 1.0);
    page.seek(6.0);
    page.feed(Input::Frame {
        media_time: 1.0,
        current_time: 6.0,
    });
    assert_eq!(page.shown(), [0, 1]);
}

#[test]
fn buffering_is_timed_but_seeking_is_not_buffering() {
    let mut page = Page::new();
    page.play(0.0, 1.0);
    page.media(MediaKind::Waiting, 1.0, MediaFlags::default());
    page.wait(700.0);
    page.media(MediaKind::Playing, 1.0, MediaFlags::default());
    assert_eq!(
        page.last("buffer").extra,
        Extra::Number("duration_ms", 700.0)
    );
    page.media(
        MediaKind::Waiting,
        1.0,
        MediaFlags {
            seeking: true,
            ..MediaFlags::default()
        },
    );
    page.media(MediaKind::Playing, 1.0, MediaFlags::default());
    assert_eq!(
        page.kinds()
            .iter()
            .filter(|kind| **kind == "buffer")
            .count(),
        1
    );
}

#[test]
fn an_exposure_is_a_second_in_view_in_a_visible_tab() {
    let mut page = Page::new();
    page.seek(3.0);
    page.feed(Input::InView {
        hotspot: 0,
        in_view: true,
    });
    page.wait(600.0);
    page.feed(Input::PageVisible(false));
    page.wait(5_000.0);
    page.feed(Input::PageVisible(true));
    page.wait(390.0);
    assert!(!page.kinds().contains(&"hotspot_exposure"));
    page.wait(20.0);
    let exposure = page.last("hotspot_exposure");
    assert_eq!(
        (exposure.subject.hotspot, exposure.extra),
        (Some(0), Extra::Number("duration_ms", 1_000.0))
    );
    page.wait(600.0);
    // Off screen is out of view, whatever the observer says.
    page.seek(17.0);
    page.wait(3_000.0);
    assert_eq!(page.dwell(), [(0, 1_610.0 + 60.0)]);
    page.feed(Input::Act(Act::Hotspot(0)));
    assert_eq!(page.last("hotspot_click").cause, exposure.number);
}

#[test]
fn a_new_file_in_the_same_view() {
    let mut page = Page::new();
    page.seek(6.0);
    page.feed(Input::Act(Act::Hotspot(0)));
    let seq = page.events.last().unwrap().seq;
    let config = session().config().clone();
    page.session.at(page.now);
    page.session.retire();
    page.work();
    page.session.set_config(config);
    page.work();
    assert_eq!(page.shown(), [0, 1]);
    assert_eq!(page.session.card(), None);
    page.feed(Input::Track { note: 1 });
    assert!(page.events.last().unwrap().seq > seq);
    assert_eq!(
        page.kinds()
            .iter()
            .filter(|kind| **kind == "experiment_exposure")
            .count(),
        1
    );
}

#[test]
fn an_experiment_counts_from_when_its_variants_differ() {
    let count = |page: &Page| {
        let kinds = page.kinds();
        kinds
            .iter()
            .filter(|kind| **kind == "experiment_exposure")
            .count()
    };
    let mut page = Page::new();
    page.session.retire();
    let mut config = session().config().clone();
    config.experiment = Some(Experiment { start: 4.5 });
    page.session.set_config(config);
    page.work();
    page.play(0.0, 4.4);
    assert_eq!(
        count(&page),
        0,
        "a hotspot was shown, that all variants have"
    );
    page.play(4.4, 7.0);
    assert_eq!(count(&page), 1);
    page.play(7.0, 9.0);
    assert_eq!(count(&page), 1);
}

#[test]
fn a_page_that_pauses_and_jumps_at_once() {
    let mut page = Page::new();
    page.play(0.0, 3.0);
    // Both events come when `currentTime` is the new one already, and so may a frame.
    let seeking = MediaFlags {
        paused: true,
        seeking: true,
        ..MediaFlags::default()
    };
    page.session.at(page.now);
    page.session.frame(3.0, 9.0, true);
    page.media(MediaKind::Pause, 9.0, seeking);
    page.media(MediaKind::Seeking, 9.0, seeking);
    page.media(
        MediaKind::Seeked,
        9.0,
        MediaFlags {
            seeking: false,
            ..seeking
        },
    );
    page.wait(1_000.0);
    assert_eq!(page.last("pause").media_time, 3.0);
    let seek = page.last("seek");
    assert_eq!(
        (seek.extra, seek.media_time),
        (Extra::Number("from", 3.0), 9.0)
    );
    assert_eq!(page.session.watched(), [(0.0, 3.0)]);
}

#[test]
fn a_wait_that_nobody_notices_is_not_told() {
    let mut page = Page::new();
    page.play(0.0, 1.0);
    page.media(MediaKind::Waiting, 1.0, MediaFlags::default());
    page.wait(90.0);
    page.media(MediaKind::Playing, 1.0, MediaFlags::default());
    assert!(!page.kinds().contains(&"buffer"));
}

#[test]
fn everything_goes_when_the_page_is_left_and_when_it_is_hidden() {
    let mut page = Page::new();
    for leaving in [true, false] {
        if leaving {
            page.session.leave();
        } else {
            page.session.page_visible(false);
        }
        let effects = read(&page.session.take_effects());
        // After the view's last event.
        assert_eq!(effects.last(), Some(&Effect::Leave));
    }
}

#[test]
fn a_loop_shows_its_first_frames_while_it_still_seeks() {
    let mut page = Page::new();
    page.play(12.0, 13.0);
    assert_eq!(page.shown(), [2]);
    let seeking = MediaFlags {
        seeking: true,
        repeats: true,
        ..MediaFlags::default()
    };
    page.media(MediaKind::Seeking, 0.0, seeking);
    page.session.frame(13.04, 0.8, true);
    page.work();
    assert_eq!(page.shown(), [2], "a frame of before");
    page.session.frame(0.04, 0.8, true);
    page.work();
    assert!(page.shown().is_empty());
}

#[test]
fn a_hidden_page_has_said_how_its_view_ended() {
    let mut page = Page::new();
    page.play(0.0, 3.0);
    page.pause(3.0);
    page.feed(Input::PageVisible(false));
    let ends = |page: &Page| page.kinds().iter().filter(|k| **k == "view_end").count();
    assert_eq!(
        (ends(&page), page.events.last().unwrap().kind),
        (1, "view_end")
    );
    // The tab is closed: there is nothing new to say.
    page.feed(Input::Leave);
    assert_eq!(ends(&page), 1);
    let mut page = Page::new();
    page.feed(Input::PageVisible(false));
    page.feed(Input::PageVisible(true));
    page.play(0.0, 3.0);
    page.feed(Input::Leave);
    assert_eq!(
        (ends(&page), page.events.last().unwrap().kind),
        (2, "view_end")
    );
}

/// Too many at once would keep the browser busy for a noticeable time.
#[test]
fn hotspots_come_by_the_dozen() {
    let hotspots: Vec<_> = (0..150)
        .map(|index| json!({ "id": format!("h{index}"), "products": ["p"], "start": 0, "end": 8 + index / 100, "keyframes": [{ "time": 0, "x": 50, "y": 50 }] }))
        .collect();
    let file = json!({ "version": 1, "video": { "id": "v" }, "products": [{ "id": "p", "title": "P" }], "hotspots": hotspots });
    let decoded = || Session::new(decode(&&file).config.unwrap());
    let mut page = Page::of(decoded());
    let first = page.shown();
    assert!((1..100).contains(&first.len()), "{} at once", first.len());
    assert_eq!(first.last(), Some(&149), "the last first");
    page.wait(100.0);
    assert_eq!(
        page.shown(),
        (0..150).collect::<Vec<_>>(),
        "each once, in order"
    );
    // What never came is not taken away.
    let mut page = Page::of(decoded());
    page.feed(Input::Frame {
        media_time: 8.5,
        current_time: 8.5,
    });
    page.wait(100.0);
    let hidden = page
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Hide { .. }));
    assert_eq!(hidden.count(), first.len() - 50);
    assert_eq!(page.shown(), (100..150).collect::<Vec<_>>());
}
