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

/// What is wrong is named with the value that holds.
#[test]
fn the_environment_overrides_the_file_and_a_flag_overrides_both() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    std::fs::write(&file, "retain_days = 2").unwrap();
    let holds = |environment: Option<&str>, flags: &[&str]| {
        let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_vitrine-collector"));
        serve.arg("serve").arg("--config").arg(&file).args(flags);
        serve.arg("--data").arg(folder.path().join("data"));
        let variable = environment.map(|value| ("VITRINE_RETAIN_DAYS", value));
        let output = serve.envs(variable).output().unwrap();
        assert!(!output.status.success());
        let words = String::from_utf8(output.stderr).unwrap();
        let number = words.split("retain_days is ").nth(1).unwrap_or(&words);
        number.split(';').next().unwrap().to_owned()
    };
    assert_eq!(holds(None, &[]), "2");
    assert_eq!(holds(Some("3"), &[]), "3");
    assert_eq!(holds(Some("3"), &["--retain-days", "4"]), "4");
}
