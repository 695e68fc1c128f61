//! Who has no token, or only a page that the owner visits.

use crate::desk::{Dashboard, first_video, traffic};
use e2e::{Context, Result, ensure};
use std::io::{Read, Write};
use std::net::TcpStream;

/// Status and all of the answer.
fn ask(dashboard: &Dashboard, request: &str, headers: &[&str]) -> Result<(u16, String)> {
    let mut stream = TcpStream::connect(dashboard.host())?;
    let head = format!(
        "{request} HTTP/1.1\r\nConnection: close\r\n{}\r\n\r\n",
        headers.join("\r\n")
    );
    stream.write_all(head.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1).context("no answer")?.parse()?;
    Ok((status, text))
}

/// Tries what attackers try.
pub fn gets_nothing() -> Result<()> {
    let data = traffic()?;
    let dashboard = Dashboard::start(data.path(), &first_video(data.path())?, &[])?;
    let host = format!("Host: {}", dashboard.host());
    let token = format!("Authorization: Bearer {}", dashboard.token());
    let get = |path: &str, headers: &[&str]| ask(&dashboard, &format!("GET {path}"), headers);

    // The owner gets what is asked for, so that the refusals below say something.
    let (status, list) = get("/api/list", &[&host, &token])?;
    ensure!(status == 200, "the owner got {list}");
    names_and_tokens(&dashboard, &host, &token)?;
    let film = list.split("media/").nth(1).context("no film")?;
    let film = film.split('"').next().unwrap_or_default();
    files(&dashboard, &host, &token, film)?;
    headers(&dashboard, &host)
}

fn names_and_tokens(dashboard: &Dashboard, host: &str, token: &str) -> Result<()> {
    let get = |path: &str, headers: &[&str]| ask(dashboard, &format!("GET {path}"), headers);
    // A page of the attacker's whose name a DNS server points here, even with the token.
    for name in [
        "evil.example",
        "evil.example:80",
        "127.0.0.1",
        "localhost:1",
    ] {
        for path in ["/", "/api/list", "/main.js"] {
            let (status, _) = get(path, &[&format!("Host: {name}"), token])?;
            ensure!(status == 421, "{name} got {status} of {path}");
        }
    }
    ensure!(get("/api/list", &[token])?.0 >= 400, "no name was let in");
    let long = format!("{token}0");
    let short = &token[..token.len() - 1];
    let query = format!("/api/list?token={}", dashboard.token());
    for (path, header) in [
        ("/api/list", "X: y"),
        ("/api/list", "Authorization: Bearer"),
        ("/api/list", "Authorization: Bearer "),
        ("/api/list", &long),
        ("/api/list", short),
        ("/api/figure/overview", "X: y"),
        (&query, "X: y"),
        // A browser sends cookies for others: none opens anything.
        ("/api/list", &format!("Cookie: token={}", dashboard.token())),
    ] {
        let (status, answer) = get(path, &[host, header])?;
        ensure!(status == 401, "{path} with {header}: {answer}");
        ensure!(
            !answer.contains(dashboard.token()),
            "the refusal has the token"
        );
    }
    Ok(())
}

/// Only the film, only by its secret, and no file beside it.
fn files(dashboard: &Dashboard, host: &str, token: &str, film: &str) -> Result<()> {
    let get = |path: &str| {
        ask(
            dashboard,
            &format!("GET {path}"),
            &[host, token, "Range: bytes=0-9"],
        )
    };
    ensure!(
        get(&format!("/media/{film}"))?.0 == 206,
        "the film is not there"
    );
    let (ticket, id) = film.split_once('/').context("no id")?;
    for path in [
        format!("/media/{}/{id}", "0".repeat(ticket.len())),
        format!("/media/{ticket}/../../../../etc/passwd"),
        format!("/media/{ticket}/..%2f..%2f..%2f..%2fetc%2fpasswd"),
        format!("/media/{ticket}/%2fetc%2fpasswd"),
        format!("/media/{ticket}/{id}%00"),
        format!("/media/{ticket}/"),
        "/../../../../etc/passwd".to_owned(),
        "/..%2f..%2fetc%2fpasswd".to_owned(),
        "/api/figure/..%2f..%2foverview".to_owned(),
        "//etc/passwd".to_owned(),
    ] {
        let (status, answer) = get(&path)?;
        ensure!(
            status == 404 && !answer.contains("root:"),
            "{path}: {answer}"
        );
    }
    // Neither files of the server's nor SQL can be named.
    for query in [
        "costs=/etc/passwd",
        "inventory=/etc/passwd",
        "data=/",
        "output=/tmp/x",
    ] {
        let (status, answer) = get(&format!("/api/figure/return?{query}"))?;
        ensure!(
            status == 400 && answer.contains("is no filter"),
            "{query}: {answer}"
        );
    }
    let (status, answer) = get("/api/figure/overview?site=x'%20OR%20'1'='1")?;
    ensure!(
        status == 200 && answer.contains("\"rows\":[]") || answer.contains("\"impressions\":0"),
        "a name was taken for SQL: {answer}"
    );
    for method in ["POST", "PUT", "DELETE"] {
        let (status, _) = ask(
            dashboard,
            &format!("{method} /api/list"),
            &[host, token, "Content-Length: 0"],
        )?;
        ensure!(status == 405, "{method} got {status}");
    }
    Ok(())
}

/// What the browser is told to keep others from, on a refusal as well.
fn headers(dashboard: &Dashboard, host: &str) -> Result<()> {
    for path in ["/", "/main.js", "/api/list", "/nothing"] {
        let (_, answer) = ask(
            dashboard,
            &format!("GET {path}"),
            &[host, "Origin: https://evil.example"],
        )?;
        let answer = answer.to_ascii_lowercase();
        for wanted in [
            "content-security-policy: default-src 'none'; script-src 'self'",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
            "cross-origin-resource-policy: same-origin",
            "cross-origin-opener-policy: same-origin",
        ] {
            ensure!(answer.contains(wanted), "{path} is without {wanted}");
        }
        for refused in ["access-control-allow", "unsafe-", "set-cookie"] {
            ensure!(!answer.contains(refused), "{path} has {refused}");
        }
    }
    Ok(())
}
