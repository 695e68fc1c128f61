//! Static files: MIME types, ranges, and nothing outside the served directories.

use super::http::{Body, Request, Response};
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The MIME type by the file's ending. A wrong one for `.wasm` would cost streaming compilation.
pub fn content_type(path: &Path) -> &'static str {
    let ending = path.extension().and_then(|ending| ending.to_str());
    match ending.unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "m3u8" => "application/vnd.apple.mpegurl",
        "vtt" => "text/vtt; charset=utf-8",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" | "ts" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Undoes `%41`. None if it is no valid UTF-8 or breaks off.
pub fn percent_decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            if !digits.iter().all(u8::is_ascii_hexdigit) {
                return None;
            }
            let digits = std::str::from_utf8(&digits).ok()?;
            out.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// The file that a decoded path names, below the root of its longest prefix.
fn find(roots: &[(String, PathBuf)], path: &str) -> Result<PathBuf, u16> {
    let refused = |part: &str| part == ".." || part.contains(['\\', '\0']);
    if path.split('/').any(refused) {
        return Err(403);
    }
    let mut best: Option<(&str, &Path)> = None;
    for (prefix, root) in roots {
        if let Some(rest) = path.strip_prefix(prefix.as_str())
            && best.is_none_or(|(shortest, _)| rest.len() < shortest.len())
        {
            best = Some((rest, root));
        }
    }
    let (rest, root) = best.ok_or(404u16)?;
    let mut wanted = root.join(rest.trim_start_matches('/'));
    if wanted.is_dir() {
        wanted.push("index.html");
    }
    // A link may point elsewhere inside the root, never out of it.
    let root = root.canonicalize().map_err(|_| 404u16)?;
    let real = wanted.canonicalize().map_err(|_| 404u16)?;
    if !real.starts_with(&root) {
        return Err(403);
    }
    if real.is_file() { Ok(real) } else { Err(404) }
}

/// Answers a GET or HEAD for a file.
pub fn answer(roots: &[(String, PathBuf)], request: &Request) -> Response {
    let Some(path) = percent_decode(&request.path) else {
        return Response::words(400, "the path is not percent-encoded UTF-8");
    };
    let file = match find(roots, &path) {
        Ok(file) => file,
        Err(403) => return Response::words(403, format!("{path}: outside what is served here")),
        Err(status) => return Response::words(status, format!("{path}: no such file here")),
    };
    let opened = File::open(&file).and_then(|file| Ok((file.metadata()?.len(), file)));
    let (length, mut opened) = match opened {
        Ok(opened) => opened,
        Err(error) => return Response::words(500, format!("{path}: {error}")),
    };
    let kind = content_type(&file);
    let plain = |response: Response| {
        response
            .with("Accept-Ranges", "bytes")
            .with("Cache-Control", "no-cache")
    };
    match request
        .header("range")
        .map_or(Range::Whole, |text| range(text, length))
    {
        Range::Whole => plain(Response::new(200, kind, Body::File(opened, length))),
        Range::Outside => {
            let words = format!("{path} has {length} bytes");
            Response::words(416, words).with("Content-Range", format!("bytes */{length}"))
        }
        Range::Part(first, last) => {
            if let Err(error) = opened.seek(SeekFrom::Start(first)) {
                return Response::words(500, format!("{path}: {error}"));
            }
            let part = Response::new(206, kind, Body::File(opened, last - first + 1));
            plain(part).with("Content-Range", format!("bytes {first}-{last}/{length}"))
        }
    }
}

#[derive(Debug, PartialEq)]
enum Range {
    Whole,
    Part(u64, u64),
    Outside,
}

/// One range of bytes, both ends included. What is not understood is ignored, as RFC 9110 says.
fn range(header: &str, length: u64) -> Range {
    let Some((first, last)) = header
        .strip_prefix("bytes=")
        .and_then(|spec| spec.split_once('-'))
    else {
        return Range::Whole;
    };
    let end = length.saturating_sub(1);
    match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), _) if first >= length => Range::Outside,
        (Ok(first), Ok(last)) if first <= last => Range::Part(first, last.min(end)),
        (Ok(first), Err(_)) if last.trim().is_empty() => Range::Part(first, end),
        (Err(_), Ok(count)) if first.trim().is_empty() => {
            if count == 0 || length == 0 {
                Range::Outside
            } else {
                Range::Part(length.saturating_sub(count), end)
            }
        }
        _ => Range::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        assert_eq!(range("bytes=0-", 10), Range::Part(0, 9));
        assert_eq!(range("bytes=2-4", 10), Range::Part(2, 4));
        assert_eq!(range("bytes=2-99", 10), Range::Part(2, 9));
        assert_eq!(range("bytes=-3", 10), Range::Part(7, 9));
        assert_eq!(range("bytes=-99", 10), Range::Part(0, 9));
        assert_eq!(range("bytes=10-", 10), Range::Outside);
        assert_eq!(range("bytes=0-", 0), Range::Outside);
        for ignored in [
            "bytes=4-2",
            "bytes=a-b",
            "bytes=0-1,3-4",
            "lines=0-1",
            "bytes=-",
        ] {
            assert_eq!(range(ignored, 10), Range::Whole, "{ignored}");
        }
    }

    #[test]
    fn percent_encoding() {
        assert_eq!(percent_decode("/a%20b").as_deref(), Some("/a b"));
        assert_eq!(percent_decode("/%c3%a4").as_deref(), Some("/ä"));
        for broken in ["/%", "/%4", "/%zz", "/%+1", "/%ff"] {
            assert_eq!(percent_decode(broken), None, "{broken}");
        }
    }

    #[test]
    fn the_longest_prefix_wins_and_nothing_leads_out() {
        let here = tempfile::tempdir().unwrap();
        let demo = here.path().join("demo");
        let dist = here.path().join("dist");
        std::fs::create_dir_all(demo.join("vitrine")).unwrap();
        std::fs::create_dir(&dist).unwrap();
        std::fs::write(demo.join("index.html"), "demo").unwrap();
        std::fs::write(demo.join("vitrine/a.js"), "demo").unwrap();
        std::fs::write(dist.join("a.js"), "dist").unwrap();
        std::fs::write(here.path().join("secret"), "secret").unwrap();
        let roots = [
            ("/".to_owned(), demo.clone()),
            ("/vitrine/".to_owned(), dist.clone()),
        ];
        let real = |path: PathBuf| path.canonicalize().unwrap();
        assert_eq!(find(&roots, "/"), Ok(real(demo.join("index.html"))));
        assert_eq!(find(&roots, "/vitrine/a.js"), Ok(real(dist.join("a.js"))));
        assert_eq!(find(&roots, "/b.js"), Err(404));
        assert_eq!(find(&roots, "/vitrine/"), Err(404));
        for out in ["/../secret", "/vitrine/../../secret", "/..\\secret", "/\0"] {
            assert_eq!(find(&roots, out), Err(403), "{out}");
        }
        // A second slash does not make the path absolute.
        assert_eq!(find(&roots, "//etc/hostname"), Err(404));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(here.path().join("secret"), demo.join("link")).unwrap();
            assert_eq!(find(&roots, "/link"), Err(403));
        }
    }
}
