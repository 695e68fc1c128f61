//! Browsers and their drivers, from the system's own package manager.

use crate::run::{capture, run, say, which};
use anyhow::{Context, Result, bail};
use std::fs;
use std::process::Command;

/// Something that the browser tests need.
struct Need {
    /// Any of these programs will do; none for a library.
    programs: &'static [&'static str],
    /// The Debian package that brings it.
    package: &'static str,
}

const fn need(programs: &'static [&'static str], package: &'static str) -> Need {
    Need { programs, package }
}

const BROWSERS: [Need; 6] = [
    need(
        &["chromium", "google-chrome", "chromium-browser"],
        "chromium",
    ),
    need(&["chromedriver"], "chromium-driver"),
    need(&["firefox-esr", "firefox"], "firefox-esr"),
    need(&["WebKitWebDriver"], "webkit2gtk-driver"),
    need(&["xvfb-run"], "xvfb"),
    need(&["xauth"], "xauth"),
];

/// What WebKit plays H.264 and VP9 with, and what renders clips.
const MEDIA: [Need; 4] = [
    need(&["ffmpeg"], "ffmpeg"),
    need(&[], "gstreamer1.0-plugins-good"),
    need(&[], "gstreamer1.0-plugins-bad"),
    need(&[], "gstreamer1.0-libav"),
];

/// On Ubuntu these packages only lead to snaps, which a container cannot install.
const SNAPS: [(&str, &str); 3] = [
    ("chromium", "chromium"),
    ("chromium-driver", "chromium"),
    ("firefox-esr", "firefox"),
];

/// The kind of system we run on, as far as installing goes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum System {
    Debian,
    Ubuntu,
    Other,
}

impl System {
    fn here() -> System {
        System::of(&fs::read_to_string("/etc/os-release").unwrap_or_default())
    }

    fn of(release: &str) -> System {
        let value = |key: &str| {
            let line = release.lines().find_map(|line| line.strip_prefix(key));
            line.unwrap_or_default().trim_matches('"')
        };
        let like: Vec<&str> = value("ID_LIKE=").split_whitespace().collect();
        match value("ID=") {
            "debian" => System::Debian,
            "ubuntu" => System::Ubuntu,
            _ if like.contains(&"ubuntu") => System::Ubuntu,
            _ if like.contains(&"debian") => System::Debian,
            _ => System::Other,
        }
    }
}

/// What is to be done about the missing packages.
#[derive(Debug, PartialEq)]
struct Plan {
    apt: Vec<&'static str>,
    /// What must be done by hand: the one command.
    by_hand: Option<String>,
}

fn plan(missing: &[&'static str], system: System, root: bool) -> Plan {
    let mut plan = Plan {
        apt: Vec::new(),
        by_hand: None,
    };
    if missing.is_empty() {
        return plan;
    }
    if system == System::Other {
        let names = missing.join(", ");
        plan.by_hand = Some(format!(
            "install what these Debian packages hold, so that it is on PATH: {names}"
        ));
        return plan;
    }
    let snap = |package: &str| {
        let found = SNAPS.iter().find(|(name, _)| *name == package);
        found
            .filter(|_| system == System::Ubuntu)
            .map(|(_, snap)| *snap)
    };
    let mut snaps: Vec<&str> = missing.iter().filter_map(|package| snap(package)).collect();
    snaps.dedup();
    plan.apt = missing
        .iter()
        .copied()
        .filter(|package| snap(package).is_none())
        .collect();
    let mut commands = Vec::new();
    let sudo = if root { "" } else { "sudo " };
    if !root && !plan.apt.is_empty() {
        let names = plan.apt.join(" ");
        commands.push(format!(
            "sudo apt-get install -y --no-install-recommends {names}"
        ));
        plan.apt.clear();
    }
    if !snaps.is_empty() {
        commands.push(format!("{sudo}snap install {}", snaps.join(" ")));
    }
    plan.by_hand = (!commands.is_empty()).then(|| commands.join(" && "));
    plan
}

fn missing(needs: &[Need]) -> Vec<&'static str> {
    let lacks = |need: &&Need| {
        if need.programs.is_empty() {
            let mut query = Command::new("dpkg-query");
            query.args(["--show", "--showformat=${db:Status-Status}", need.package]);
            // Where there is no dpkg, nobody can tell: the tests will.
            which("dpkg-query").is_some()
                && !capture(&mut query).is_ok_and(|text| text == "installed")
        } else {
            need.programs.iter().all(|program| which(program).is_none())
        }
    };
    needs
        .iter()
        .filter(lacks)
        .map(|need| need.package)
        .collect()
}

/// Installs the browsers, their drivers and, for whole pages, the media plugins.
pub fn ensure_browsers(media: bool) -> Result<()> {
    let mut wanted = missing(&BROWSERS);
    if media {
        wanted.extend(missing(&MEDIA));
    }
    ensure(&wanted)
}

/// Installs Chromium and its driver.
pub fn ensure_chromium() -> Result<()> {
    ensure(&missing(&BROWSERS[..2]))
}

fn ensure(wanted: &[&'static str]) -> Result<()> {
    let plan = plan(wanted, System::here(), is_root());
    if !plan.apt.is_empty() {
        let names = plan.apt.join(" ");
        say(format!("installing by apt (a few minutes, once): {names}"));
        apt(&["update", "-qq"])?;
        let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
        args.extend(&plan.apt);
        apt(&args).with_context(|| {
            format!("this would install them: apt-get install --no-install-recommends {names}")
        })?;
    }
    match plan.by_hand {
        Some(command) => bail!("some browsers or drivers are missing; this brings them: {command}"),
        None => Ok(()),
    }
}

fn apt(args: &[&str]) -> Result<()> {
    let mut command = Command::new("apt-get");
    run(command.args(args).env("DEBIAN_FRONTEND", "noninteractive"))
}

/// Whether we may install packages.
pub fn is_root() -> bool {
    capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_told_apart() {
        assert_eq!(System::of("NAME=\"Debian\"\nID=debian\n"), System::Debian);
        assert_eq!(System::of("ID=ubuntu\nID_LIKE=debian\n"), System::Ubuntu);
        assert_eq!(
            System::of("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"),
            System::Ubuntu
        );
        assert_eq!(System::of("ID=\"fedora\"\n"), System::Other);
    }

    #[test]
    fn each_system_gets_what_it_can() {
        let missing = ["chromium", "chromium-driver", "firefox-esr", "xvfb"];
        let debian = plan(&missing, System::Debian, true);
        assert_eq!((debian.apt, debian.by_hand), (missing.to_vec(), None));
        let user = plan(&missing, System::Debian, false);
        assert_eq!(user.apt, [""; 0]);
        let command = user.by_hand.unwrap();
        assert!(command.starts_with("sudo apt-get install"), "{command}");
        let ubuntu = plan(&missing, System::Ubuntu, true);
        assert_eq!(ubuntu.apt, ["xvfb"]);
        assert_eq!(
            ubuntu.by_hand.as_deref(),
            Some("snap install chromium firefox")
        );
        let other = plan(&missing, System::Other, true);
        assert!(other.apt.is_empty() && other.by_hand.is_some());
        assert_eq!(plan(&[], System::Other, false).by_hand, None);
    }
}
