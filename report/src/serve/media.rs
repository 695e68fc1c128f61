//! The videos themselves: from files, in the pieces that a browser asks for, or from where they are.

use anyhow::{Context, Result, bail};
use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A browser gets no more at once, and asks for the rest.
const PIECE: u64 = 4 << 20;

/// Where a video is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// On this machine.
    File(PathBuf),
    /// Where else.
    Url(String),
}

/// Understands `ID=FILE_OR_URL`s.
pub fn sources(texts: &[String]) -> Result<BTreeMap<String, Source>> {
    let mut sources = BTreeMap::new();
    for text in texts {
        let (id, place) = text
            .split_once('=')
            .filter(|(id, place)| !id.is_empty() && !place.is_empty())
            .with_context(|| {
                format!("--media {text}: use ID=FILE or ID=URL, as in summer=film.mp4")
            })?;
        let source = match place.starts_with("https://") || place.starts_with("http://") {
            true => Source::Url(place.to_owned()),
            false if Path::new(place).is_file() => Source::File(place.into()),
            false => {
                bail!("--media {text}: {place} is no file, and no address with https:// or http://")
            }
        };
        sources.insert(id.to_owned(), source);
    }
    Ok(sources)
}

/// `https://cdn.example` of `https://cdn.example/film.mp4`.
pub fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || ".-:[]".contains(letter);
    (!host.is_empty() && host.chars().all(plain)).then(|| format!("{scheme}://{host}"))
}

/// The bytes that a `Range` header asks for, of so many; None if there are none of them.
fn piece(header: Option<&str>, length: u64) -> Option<Range<u64>> {
    let asked = header.and_then(|text| text.strip_prefix("bytes="));
    let Some((start, end)) = asked.and_then(|asked| asked.split_once('-')) else {
        return Some(0..length);
    };
    let range = match (start.parse().ok(), end.parse::<u64>().ok()) {
        (Some(start), Some(end)) => start..end.saturating_add(1).min(length),
        (Some(start), None) => start..length,
        (None, Some(last)) => length.saturating_sub(last)..length,
        (None, None) => 0..length,
    };
    let end = range.end.min(range.start.saturating_add(PIECE));
    (range.start < end).then_some(range.start..end)
}

/// A file, or a piece of it.
pub fn file(path: &Path, range: Option<&str>) -> Result<Response<Body>> {
    let mut file =
        File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let length = file.metadata()?.len();
    let answer = Response::builder()
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::CONTENT_TYPE, kind(path));
    let Some(piece) = piece(range, length) else {
        let answer = answer
            .status(StatusCode::RANGE_NOT_SATISFIABLE)
            .header(header::CONTENT_RANGE, format!("bytes */{length}"));
        return Ok(answer.body(Body::empty())?);
    };
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(piece.start))?;
    file.take(piece.end - piece.start).read_to_end(&mut bytes)?;
    let answer = match range {
        None => answer,
        Some(_) => answer.status(StatusCode::PARTIAL_CONTENT).header(
            header::CONTENT_RANGE,
            format!("bytes {}-{}/{length}", piece.start, piece.end - 1),
        ),
    };
    Ok(answer.body(Body::from(bytes))?)
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("webm") => "video/webm",
        Some("ogv" | "ogg") => "video/ogg",
        _ => "video/mp4",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_within_the_file() {
        assert_eq!(piece(None, 10), Some(0..10));
        assert_eq!(piece(Some("bytes=0-"), 10), Some(0..10));
        assert_eq!(piece(Some("bytes=2-3"), 10), Some(2..4));
        assert_eq!(piece(Some("bytes=-3"), 10), Some(7..10));
        assert_eq!(piece(Some("bytes=8-99"), 10), Some(8..10));
        assert_eq!(piece(Some("bytes=10-"), 10), None);
        assert_eq!(piece(Some("bytes=0-"), PIECE * 3), Some(0..PIECE));
    }

    #[test]
    fn a_video_is_a_file_or_an_address() {
        let film = "film=https://cdn.example/a=b.mp4".to_owned();
        let found = sources(&[film]).unwrap();
        let Some(Source::Url(url)) = found.get("film") else {
            panic!("{found:?}")
        };
        assert_eq!(origin(url).as_deref(), Some("https://cdn.example"));
        assert_eq!(origin("https://a.example; script-src *"), None);
        for wrong in ["film", "=a.mp4", "film=none.mp4"] {
            let error = sources(&[wrong.to_owned()]).unwrap_err().to_string();
            assert!(error.contains(wrong), "{error}");
        }
    }
}
