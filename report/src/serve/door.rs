//! Who is let in, and what a browser may do with the page.

use anyhow::{Context, Result};
use rand::{TryRng, rngs::SysRng};
use std::net::SocketAddr;

/// A secret of 128 bits.
pub fn secret() -> Result<String> {
    let mut bytes = [0_u8; 16];
    SysRng
        .try_fill_bytes(&mut bytes)
        .context("the system gives no random numbers")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether two texts are the same, in a time that tells nothing but their lengths.
pub fn same(found: &str, wanted: &str) -> bool {
    let (found, wanted) = (found.as_bytes(), wanted.as_bytes());
    let pairs = found.iter().zip(wanted);
    let differing = pairs.fold(0, |all, (a, b)| std::hint::black_box(all | (a ^ b)));
    found.len() == wanted.len() && differing == 0
}

/// Whether the request's `Authorization` has the token.
pub fn has_token(header: Option<&str>, token: &str) -> bool {
    let found = header.and_then(|text| text.strip_prefix("Bearer "));
    found.is_some_and(|found| same(found, token))
}

/// The names that browsers may reach it by. A page of another name that a DNS server points here is not one of them.
pub fn hosts(listens: SocketAddr, named: &[String]) -> Vec<String> {
    let port = listens.port();
    let mut hosts = vec![listens.to_string()];
    if listens.ip().is_loopback() {
        hosts.extend(["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{port}")));
    }
    for name in named {
        hosts.push(name.to_ascii_lowercase());
        // A browser leaves out the port that is the scheme's own.
        hosts.extend(name.strip_suffix(":443").map(str::to_ascii_lowercase));
        hosts.extend(name.strip_suffix(":80").map(str::to_ascii_lowercase));
    }
    hosts
}

/// Whether a request's `Host` is one of them.
pub fn knows_host(header: Option<&str>, hosts: &[String]) -> bool {
    header.is_some_and(|host| hosts.contains(&host.to_ascii_lowercase()))
}

/// The page's policy; films may come from these origins too.
pub fn policy(origins: &[String]) -> String {
    let mut films = origins.to_vec();
    films.sort();
    films.dedup();
    let films: String = films.iter().map(|origin| format!(" {origin}")).collect();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         media-src 'self'{films}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_opens() {
        let token = secret().unwrap();
        assert!(token.len() == 32 && token != secret().unwrap());
        assert!(has_token(Some(&format!("Bearer {token}")), &token));
        for wrong in [None, Some(""), Some("Bearer "), Some(token.as_str())] {
            assert!(!has_token(wrong, &token));
        }
        assert!(!has_token(Some(&format!("Bearer {token}0")), &token));
        assert!(!has_token(Some(&format!("Bearer {}", &token[1..])), &token));
    }

    #[test]
    fn other_names_are_refused() {
        let local = hosts("127.0.0.1:8090".parse().unwrap(), &[]);
        assert!(knows_host(Some("LocalHost:8090"), &local));
        for wrong in [
            None,
            Some("evil.example:8090"),
            Some("localhost:80"),
            Some("localhost"),
        ] {
            assert!(!knows_host(wrong, &local), "{wrong:?}");
        }
        let named = ["Report.example:443".to_owned()];
        let open = hosts("0.0.0.0:8090".parse().unwrap(), &named);
        assert!(knows_host(Some("report.example"), &open));
        assert!(!knows_host(Some("localhost:8090"), &open));
    }

    #[test]
    fn films_come_from_where_they_were_said_to() {
        let twice = ["https://a.example", "https://a.example"].map(String::from);
        assert!(policy(&twice).contains("media-src 'self' https://a.example; "));
    }
}
