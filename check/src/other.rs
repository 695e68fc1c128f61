//! `vitrine NAME` runs `vitrine-NAME`, as cargo does with its subcommands.

use crate::UNREADABLE;
use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

/// Runs the program with the arguments and ends as it did.
pub fn run(name: &OsStr, arguments: &[OsString]) -> u8 {
    let program = program_of(name);
    match Command::new(&program).args(arguments).status() {
        // Ended by a signal: as shells say it, something above 128.
        Ok(status) => status
            .code()
            .map_or(129, |code| u8::try_from(code).unwrap_or(1)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!(
                "vitrine: found the command \"{0}\". Use check, or install the program vitrine-{0} beside vitrine or on the PATH.",
                name.display()
            );
            UNREADABLE
        }
        Err(error) => {
            eprintln!("vitrine: {} cannot be run: {error}", program.display());
            UNREADABLE
        }
    }
}

/// The one beside this program, or else the one on the PATH.
fn program_of(name: &OsStr) -> PathBuf {
    let mut file = OsString::from("vitrine-");
    file.push(name);
    file.push(std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe()
        .ok()
        .and_then(|own| Some(own.parent()?.join(&file)))
        .filter(|path| path.is_file());
    beside.unwrap_or_else(|| file.into())
}
