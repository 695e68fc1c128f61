//! Which pages may send: their origin, and the key of their site.

use crate::config::{Settings, Site};
use std::collections::HashMap;

/// Who may send, and what is answered to a browser about it.
#[derive(Debug)]
pub struct Guests {
    any: bool,
    origins: Vec<String>,
    sites: HashMap<String, Site>,
    default: Site,
}

/// What the browser is told: an origin of our own list, never the request's words.
pub type Allowed<'a> = Option<&'a str>;

fn among<'a>(list: &'a [String], origin: &str) -> Allowed<'a> {
    let found = list
        .iter()
        .find(|known| *known == "*" || known.eq_ignore_ascii_case(origin));
    found.map(String::as_str)
}

impl Guests {
    /// As the settings say.
    pub fn new(settings: &Settings) -> Self {
        let sites = settings
            .sites
            .iter()
            .map(|site| (site.key.clone(), site.clone()));
        Self {
            any: settings.sites.is_empty(),
            origins: settings.origins.clone(),
            sites: sites.collect(),
            default: Site {
                name: "default".to_owned(),
                key: String::new(),
                origins: Vec::new(),
                events_per_second: 0,
            },
        }
    }

    /// Whether any page of this origin may send: what a preflight asks, which carries no key.
    pub fn origin(&self, origin: &str) -> Allowed<'_> {
        let of_sites = self
            .sites
            .values()
            .find_map(|site| among(&site.origins, origin));
        among(&self.origins, origin).or(of_sites)
    }

    /// The site of a key; without sites there is one for all.
    pub fn site(&self, key: Option<&str>) -> Option<&Site> {
        match key {
            _ if self.any => Some(&self.default),
            Some(key) => self.sites.get(key),
            None => None,
        }
    }

    /// Whether the site's events may come from there. A site with origins of its own takes from browsers on those alone.
    pub fn may_send(&self, site: &Site, origin: Option<&str>) -> bool {
        match origin {
            Some(origin) if site.origins.is_empty() => among(&self.origins, origin).is_some(),
            Some(origin) => among(&site.origins, origin).is_some(),
            None => site.origins.is_empty(),
        }
    }
}
