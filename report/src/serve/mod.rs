//! `vitrine-report serve`: the figures on a page, for whoever has the token.

#[cfg(feature = "dashboard")]
mod answers;
#[cfg(feature = "dashboard")]
mod ask;
#[cfg(feature = "dashboard")]
mod door;
#[cfg(feature = "dashboard")]
mod media;
#[cfg(feature = "dashboard")]
mod routes;
#[cfg(feature = "dashboard")]
mod stamp;

use crate::scope::Tables;
use anyhow::Result;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

/// How the dashboard is served.
#[derive(Args, Clone, Debug)]
pub struct Serve {
    /// The directory that the collector writes to.
    #[arg(long, value_name = "DIR", env = "VITRINE_DATA", default_value = "data")]
    pub data: PathBuf,
    /// Where it listens. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    pub listen: SocketAddr,
    /// What lets one in, 16 letters or more; without it one is made up and printed.
    #[arg(long, value_name = "TEXT", env = "VITRINE_REPORT_TOKEN", hide_env_values = true, value_parser = token)]
    pub token: Option<String>,
    /// A name that browsers reach it by, besides the address it listens on, with its port: report.example.com:443.
    #[arg(long, value_name = "NAME[:PORT]")]
    pub host: Vec<String>,
    /// The file or the address of a video, to show its figures under it.
    #[arg(long, value_name = "ID=FILE_OR_URL")]
    pub media: Vec<String>,
    /// What no event says.
    #[command(flatten)]
    pub tables: Tables,
}

/// A token that nobody guesses.
fn token(text: &str) -> Result<String, String> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~".contains(letter);
    match text.len() >= 16 && text.chars().all(plain) {
        true => Ok(text.to_owned()),
        false => Err(
            "use 16 or more letters, digits, - . _ or ~; `openssl rand -hex 16` makes one"
                .to_owned(),
        ),
    }
}

/// Serves until it is stopped.
#[cfg(feature = "dashboard")]
pub fn serve(options: &Serve) -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(routes::serve(options))
}

/// Says how to get it.
#[cfg(not(feature = "dashboard"))]
pub fn serve(_: &Serve) -> Result<()> {
    anyhow::bail!("this program was built without its dashboard: `cargo xtask report` builds it")
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn a_token_fits_into_an_address() {
        assert!(token("0123456789abcdef").is_ok());
        assert!(token("0123456789abcde").is_err() && token("0123456789abcdef#&").is_err());
    }
}
