//! Other programs: found, run, and named when they fail.

use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Says what is being done.
pub fn say(words: impl AsRef<str>) {
    println!("xtask: {}", words.as_ref());
}

/// The command as one would type it, its long paths shortened to their ends.
pub fn shown(command: &Command) -> String {
    let mut words = Vec::new();
    for part in std::iter::once(command.get_program()).chain(command.get_args()) {
        let text = part.to_string_lossy();
        let path = Path::new(part);
        let short = match path.file_name() {
            Some(name) if path.is_absolute() => name.to_string_lossy().into_owned(),
            _ => text.into_owned(),
        };
        words.push(if short.contains(' ') {
            format!("'{short}'")
        } else {
            short
        });
    }
    words.join(" ")
}

/// Runs it with its output where ours is.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("`{}` could not be started", shown(command)))?;
    if !status.success() {
        bail!(
            "`{}` failed ({status}); its own words are above",
            shown(command)
        );
    }
    Ok(())
}

/// Runs it and gives back what it printed; its complaints are part of the error.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{}` could not be started", shown(command)))?;
    if !output.status.success() {
        bail!(
            "`{}` failed ({}):\n{}{}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A program by its name, on `PATH` or where cargo installs to.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = env::split_paths(&path).collect();
    places.extend(cargo_bin());
    let name = format!("{name}{}", env::consts::EXE_SUFFIX);
    let mut found = places.iter().map(|place| place.join(&name));
    found.find(|file| file.is_file())
}

/// Where `cargo install` puts programs.
pub fn cargo_bin() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    home.map(|home| home.join("bin"))
}

/// Reads a text file; the error names it.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Writes a file, unless it already says just this: what depends on it is then not built again.
pub fn write(path: &Path, text: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

/// Copies a file; the error names both.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("{} cannot be copied to {}", from.display(), to.display()))
}

/// An empty directory, whatever was there before.
pub fn empty_dir(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path)
            .with_context(|| format!("{} cannot be emptied", path.display()))?;
    }
    fs::create_dir_all(path).with_context(|| format!("{} cannot be made", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command_and_its_words() {
        let mut command = Command::new("cargo");
        command.arg("no-such-chore");
        let error = capture(&mut command).unwrap_err().to_string();
        assert!(error.contains("`cargo no-such-chore` failed"), "{error}");
        assert!(error.contains("no such command"), "{error}");
        let error = run(&mut Command::new("/no/such/program")).unwrap_err();
        assert_eq!(error.to_string(), "`program` could not be started");
    }

    #[test]
    fn writing_the_same_again_leaves_the_file_alone() {
        let here = tempfile::tempdir().unwrap();
        let file = here.path().join("a");
        write(&file, b"one").unwrap();
        let before = fs::metadata(&file).unwrap().modified().unwrap();
        write(&file, b"one").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), before);
        write(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
    }
}
