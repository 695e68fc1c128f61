//! The file of all settings says what holds without it, and the three sources come in their order.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use vitrine_collector::config::{Flags, Settings};

fn deploy(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(name)
}

#[test]
fn the_example_has_every_setting_with_its_default() {
    let flags = Flags {
        config: Some(deploy("collector.toml")),
        ..Flags::default()
    };
    assert_eq!(Settings::from(flags).unwrap(), Settings::default());
    let text = std::fs::read_to_string(deploy("collector.toml")).unwrap();
    for name in format!("{:?}", Settings::default())
        .split(", ")
        .filter_map(|part| part.split_once(": "))
    {
        let name = name.0.trim_start_matches("Settings { ");
        assert!(
            name == "with_parent" || text.contains(name),
            "{name} is not in deploy/collector.toml"
        );
    }
}

#[test]
fn what_is_wrong_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    for (text, words) in [
        ("no_such = 1", "unknown field `no_such`"),
        ("origins = [\"shop.example\"]", "is no origin"),
        ("origins = [\"https://shop.example/\"]", "is no origin"),
        ("depth = 91", "2 to 90"),
        ("[[sites]]\nname = \"a\"\nkey = \"short\"", "shorter than 8"),
        (
            "[[sites]]\nname = \"a\"\nkey = \"long&enough\"",
            "other characters",
        ),
        ("ip = \"some\"", "unknown variant"),
        ("retain_days = 6", "at least the 7 of window_days"),
        ("retain_days = 9\ncompact_every = 0", "needs compact_every"),
    ] {
        std::fs::write(&file, text).unwrap();
        let flags = Flags {
            config: Some(file.clone()),
            ..Flags::default()
        };
        let error = format!("{:#}", Settings::from(flags).unwrap_err());
        assert!(error.contains(words), "{text}: {error}");
    }
    std::fs::write(&file, "depth = 20\nwindow_days = 3").unwrap();
    let flags = Flags {
        config: Some(file),
        window_days: Some(9),
        ..Flags::default()
    };
    let settings = Settings::from(flags).unwrap();
    assert_eq!((settings.depth, settings.window_days), (20, 9));
}
