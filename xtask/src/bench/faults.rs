//! The fault matrix for other trackers beside ours. What it does is in `e2e/src/bin/bench-faults`.

use crate::Repo;
use crate::build::{Profile, build, esbuild};
use crate::run::{copy, empty_dir, run, say};
use crate::{system, tools};
use anyhow::Result;
use std::process::Command;

/// Builds, installs the peers, bundles each as a site would, and plays all cases.
pub fn faults(repo: &Repo) -> Result<()> {
    build(repo, Profile::Release)?;
    system::ensure_chromium()?;
    let place = repo.at("bench/faults");
    tools::npm_ci(&place, "the trackers of the bench", &[])?;
    let npm = tools::npm_tools(repo)?;
    let out = repo.target.join("bench/trackers");
    empty_dir(&out)?;
    for name in ["page.html", "page.mjs", "vitrine.mjs"] {
        copy(&place.join(name), &out.join(name))?;
    }
    for name in ["snowplow.mjs", "posthog.mjs"] {
        esbuild(&npm, &place.join(name), &out.join(name))
            .args(["--bundle", "--format=esm"])
            .run()?;
    }
    say("playing the cases; each line is one");
    run(Command::new("cargo")
        .args(["run", "--quiet", "-p", "e2e", "--bin", "bench-faults"])
        .current_dir(&repo.root))
}
