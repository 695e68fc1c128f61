//! What a request says of who sent it.

use crate::config::KeepIp;
use axum::http::HeaderMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The first words that crawlers, previews, monitors and tools have in their names.
const BOTS: [&str; 20] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "headless",
    "lighthouse",
    "pagespeed",
    "preview",
    "facebookexternalhit",
    "curl/",
    "wget/",
    "python",
    "java/",
    "go-http",
    "okhttp",
    "axios",
    "node-fetch",
    "phantomjs",
    "monitor",
    "scrapy",
];

/// Whether a user agent says that it is no person. So does one that says nothing.
pub fn is_bot(user_agent: &str) -> bool {
    // Cubot makes telephones.
    let lower = user_agent.to_ascii_lowercase().replace("cubot", "");
    lower.is_empty() || BOTS.iter().any(|word| lower.contains(word))
}

/// The first 512 characters of a user agent.
pub fn shortened(user_agent: &str) -> String {
    user_agent.chars().take(512).collect()
}

/// The text of a header, if it is text.
pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Who really sent: behind proxies that are believed, the last address that is none of them.
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let peer = peer.to_canonical();
    if !trusted.contains(&peer) {
        return peer;
    }
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let mut hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    let address = |hop: &str| {
        hop.trim()
            .parse::<IpAddr>()
            .ok()
            .map(|ip| ip.to_canonical())
    };
    hops.find_map(|hop| match address(hop) {
        Some(ip) if trusted.contains(&ip) => None,
        other => Some(other),
    })
    .flatten()
    .unwrap_or(peer)
}

/// The address as it is kept.
pub fn kept(ip: IpAddr, keep: KeepIp) -> Option<String> {
    match (keep, ip) {
        (KeepIp::Drop, _) => None,
        (KeepIp::Full, ip) => Some(ip.to_string()),
        (KeepIp::Truncate, IpAddr::V4(ip)) => {
            Some(Ipv4Addr::from_bits(ip.to_bits() & !0xFF).to_string())
        }
        (KeepIp::Truncate, IpAddr::V6(ip)) => {
            Some(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 80)).to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_behind_proxies() {
        let proxy: IpAddr = "10.0.0.1".parse().expect("an address");
        let mut headers = HeaderMap::new();
        headers.append(
            "x-forwarded-for",
            "1.1.1.1, 2001:db8::7".parse().expect("a header"),
        );
        headers.append("x-forwarded-for", "10.0.0.1".parse().expect("a header"));
        let said = |peer: IpAddr, trusted: &[IpAddr]| client(peer, &headers, trusted).to_string();
        assert_eq!(said(proxy, &[proxy]), "2001:db8::7");
        assert_eq!(
            said(proxy, &[]),
            "10.0.0.1",
            "a header that anyone can write"
        );
        assert_eq!(
            said("192.0.2.4".parse().expect("an address"), &[proxy]),
            "192.0.2.4"
        );
    }

    #[test]
    fn what_is_kept_of_an_address() {
        let four = "203.0.113.77".parse().expect("an address");
        let six = "2001:db8:1:2:3::4".parse().expect("an address");
        assert_eq!(kept(four, KeepIp::Drop), None);
        assert_eq!(kept(four, KeepIp::Truncate).as_deref(), Some("203.0.113.0"));
        assert_eq!(kept(six, KeepIp::Truncate).as_deref(), Some("2001:db8:1::"));
        assert_eq!(kept(four, KeepIp::Full).as_deref(), Some("203.0.113.77"));
    }

    #[test]
    fn bots_say_so() {
        assert!(
            is_bot("Mozilla/5.0 (compatible; Googlebot/2.1)") && is_bot("curl/8.1") && is_bot("")
        );
        assert!(!is_bot(
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
        ));
        assert!(!is_bot("Mozilla/5.0 (Linux; Android 10; CUBOT X30)"));
    }
}
