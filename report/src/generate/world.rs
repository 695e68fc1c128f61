//! The shop that is made up: its videos, products, visitors, and how likely they do what.

use anyhow::{Context, Result};
use std::path::Path;

/// A product; its price is in minor units of the euro.
pub struct Product {
    pub id: String,
    pub name: String,
    pub brand: &'static str,
    pub platform_id: String,
    pub price: i64,
}

/// A hotspot: where and when it is, and with which probability a view that was exposed to it clicks it.
pub struct Hotspot {
    pub id: String,
    pub products: Vec<usize>,
    pub start: f64,
    pub end: f64,
    pub click: f64,
    pub x: f64,
    pub y: f64,
}

/// A named stretch of a video. Who presents it decides how many of those who click want to buy.
pub struct Segment {
    pub id: String,
    pub host: &'static str,
    pub start: f64,
    pub end: f64,
    pub intent: f64,
}

/// A variant and its true probabilities.
pub struct Variant {
    pub id: &'static str,
    pub click: f64,
    pub intent: f64,
}

/// Two variants of one hotspot, the last of its video.
pub struct Experiment {
    pub id: &'static str,
    pub variants: [Variant; 2],
}

pub struct Video {
    pub id: &'static str,
    pub duration: f64,
    pub weight: f64,
    /// The second at which most viewers click.
    pub peak: f64,
    pub segments: Vec<Segment>,
    pub hotspots: Vec<Hotspot>,
    pub experiment: Option<Experiment>,
    /// Each hotspot is within one bucket of five seconds.
    pub has_curve: bool,
}

/// Where viewers live: prices there are those in euros times `factor`.
pub struct Market {
    pub currency: &'static str,
    pub locale: &'static str,
    pub factor: f64,
    pub weight: f64,
}

pub struct Campaign {
    pub json: &'static str,
    pub name: &'static str,
    /// The discount code that is said in it.
    pub code: Option<&'static str>,
    pub weight: f64,
}

pub struct Device {
    pub name: &'static str,
    pub user_agent: &'static str,
    pub viewport: &'static str,
    pub weight: f64,
}

/// Views a weekday has beside the others, from Monday.
pub const WEEK: [f64; 7] = [0.85, 0.8, 0.85, 0.95, 1.1, 1.35, 1.1];
/// How much the last day has more than the first.
pub const GROWTH: f64 = 0.2;
/// Views an hour has beside the others, UTC.
pub const HOURS: [f64; 24] = [
    1.0, 0.6, 0.4, 0.3, 0.3, 0.5, 1.0, 1.8, 2.4, 2.6, 2.8, 3.0, 3.4, 3.2, 2.8, 2.8, 3.0, 3.6, 4.4,
    5.2, 5.6, 5.0, 3.6, 2.0,
];
/// The seconds in which clicks fall to half after the peak.
pub const HALVING: f64 = 14.0;
/// What a view that was exposed clicks at the peak.
pub const PEAK_CLICK: f64 = 0.16;

pub const MARKETS: [Market; 4] = [
    Market {
        currency: "EUR",
        locale: "de",
        factor: 1.0,
        weight: 0.5,
    },
    Market {
        currency: "USD",
        locale: "en-US",
        factor: 1.1,
        weight: 0.3,
    },
    Market {
        currency: "GBP",
        locale: "en-GB",
        factor: 0.9,
        weight: 0.15,
    },
    Market {
        currency: "SEK",
        locale: "sv",
        factor: 11.0,
        weight: 0.05,
    },
];

pub const CAMPAIGNS: [Campaign; 5] = [
    Campaign {
        json: "{}",
        name: "",
        code: None,
        weight: 0.4,
    },
    Campaign {
        json: r#"{"source":"newsletter","medium":"email","name":"spring-mail"}"#,
        name: "spring-mail",
        code: None,
        weight: 0.25,
    },
    Campaign {
        json: r#"{"source":"ana","medium":"influencer","name":"ana-may"}"#,
        name: "ana-may",
        code: Some("ANA10"),
        weight: 0.2,
    },
    Campaign {
        json: r#"{"source":"ben","medium":"influencer","name":"ben-may"}"#,
        name: "ben-may",
        code: Some("BEN15"),
        weight: 0.1,
    },
    Campaign {
        json: r#"{"source":"search","medium":"cpc","name":"brand","term":"linen dress"}"#,
        name: "brand",
        code: None,
        weight: 0.05,
    },
];

pub const DEVICES: [Device; 3] = [
    Device {
        name: "phone",
        user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1",
        viewport: "[390,664]",
        weight: 0.58,
    },
    Device {
        name: "desktop",
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        viewport: "[1440,789]",
        weight: 0.34,
    },
    Device {
        name: "tablet",
        user_agent: "Mozilla/5.0 (Linux; Android 15; Pixel Tablet) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        viewport: "[1280,728]",
        weight: 0.08,
    },
];

/// What a machine says that it is.
pub const ROBOT: Device = Device {
    name: "bot",
    user_agent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    viewport: "[412,732]",
    weight: 0.0,
};

pub const STEPS: [&str; 3] = ["cart_shown", "shipping_shown", "payment_shown"];

const GOODS: [(&str, &str, i64); 24] = [
    ("bag-01", "Leather bag", 12_900),
    ("dress-01", "Linen dress", 8_900),
    ("jacket-01", "Denim jacket", 11_900),
    ("shoe-01", "White sneakers", 9_900),
    ("hat-01", "Straw hat", 3_900),
    ("scarf-01", "Silk scarf", 4_900),
    ("belt-01", "Woven belt", 2_900),
    ("jeans-01", "Straight jeans", 7_900),
    ("shirt-01", "Oxford shirt", 5_900),
    ("skirt-01", "Pleated skirt", 6_900),
    ("coat-01", "Trench coat", 18_900),
    ("boots-01", "Ankle boots", 14_900),
    ("ring-01", "Silver ring", 3_500),
    ("watch-01", "Field watch", 19_900),
    ("lamp-01", "Desk lamp", 7_500),
    ("chair-01", "Office chair", 24_900),
    ("desk-01", "Standing desk", 39_900),
    ("mug-01", "Stoneware mug", 1_800),
    ("rug-01", "Wool rug", 21_900),
    ("vase-01", "Glass vase", 4_500),
    ("socks-01", "Sock set", 1_500),
    ("cap-01", "Wool cap", 2_500),
    ("gown-01", "Evening gown", 29_900),
    ("heels-01", "Velvet heels", 13_900),
];

pub struct World {
    pub products: Vec<Product>,
    pub videos: Vec<Video>,
}

/// How likely a view that was exposed clicks at a second: it rises to the peak, then decays.
fn click_at(second: f64, peak: f64) -> f64 {
    let shape = if second < peak {
        0.35 + 0.65 * second / peak
    } else {
        (-(second - peak) / HALVING * std::f64::consts::LN_2).exp()
    };
    PEAK_CLICK * shape
}

fn segments(duration: f64) -> Vec<Segment> {
    let hosts = [
        ("opening", "ana", 0.30),
        ("styling", "ben", 0.18),
        ("finale", "ana", 0.30),
    ];
    let third = (duration / 3.0).round();
    hosts
        .iter()
        .enumerate()
        .map(|(index, (id, host, intent))| Segment {
            id: (*id).to_owned(),
            host,
            start: third * index as f64,
            end: if index == 2 {
                duration
            } else {
                third * (index + 1) as f64
            },
            intent: *intent,
        })
        .collect()
}

/// A hotspot in each bucket of five seconds but every sixth, each within its bucket.
fn curve(video: usize, duration: f64, peak: f64) -> Vec<Hotspot> {
    (0..(duration / 5.0) as usize)
        .filter(|bucket| bucket % 6 != 5)
        .map(|bucket| {
            let start = 5.0 * bucket as f64 + 0.2;
            let product = (video * 5 + bucket) % GOODS.len();
            Hotspot {
                id: format!("spot-{bucket:02}"),
                products: vec![product],
                start,
                end: start + 4.6,
                click: click_at(start + 2.3, peak),
                x: 20.0 + (bucket * 17 % 60) as f64,
                y: 25.0 + (bucket * 29 % 50) as f64,
            }
        })
        .collect()
}

/// Hotspots that stay for twelve seconds and have two products.
fn long(duration: f64) -> Vec<Hotspot> {
    (0..(duration / 15.0) as usize)
        .map(|index| {
            let start = 15.0 * index as f64 + 1.0;
            Hotspot {
                id: format!("set-{index}"),
                products: vec![14 + index % 6, 14 + (index + 1) % 6],
                start,
                end: start + 12.0,
                click: 0.12 - 0.01 * index as f64,
                x: 30.0 + 5.0 * index as f64,
                y: 60.0,
            }
        })
        .collect()
}

impl World {
    /// The same in every run.
    pub fn new() -> Self {
        let products = GOODS
            .iter()
            .enumerate()
            .map(|(index, (id, name, price))| Product {
                id: (*id).to_owned(),
                name: (*name).to_owned(),
                brand: ["Norden", "Alba", "Fjell"][index % 3],
                platform_id: format!("{}", 4_001 + index),
                price: *price,
            })
            .collect();
        let plain = [
            ("spring-look", 60.0, 0.24, 12.5),
            ("summer-edit", 90.0, 0.16, 22.5),
            ("denim-days", 45.0, 0.14, 7.5),
            ("evening-wear", 75.0, 0.1, 17.5),
            ("sneaker-drop", 30.0, 0.1, 7.5),
        ];
        let mut videos: Vec<Video> = plain
            .iter()
            .enumerate()
            .map(|(index, &(id, duration, weight, peak))| Video {
                id,
                duration,
                weight,
                peak,
                segments: segments(duration),
                hotspots: curve(index, duration, peak),
                experiment: None,
                has_curve: true,
            })
            .collect();
        videos.push(Video {
            id: "home-office",
            duration: 120.0,
            weight: 0.08,
            peak: 8.0,
            segments: segments(120.0),
            hotspots: long(120.0),
            experiment: None,
            has_curve: false,
        });
        let variant = |id, click, intent| Variant { id, click, intent };
        let duels = [
            (
                "host-duel",
                "host-test",
                [variant("ana", 0.2, 0.3), variant("ben", 0.26, 0.36)],
            ),
            (
                "colour-check",
                "colour-test",
                [variant("warm", 0.2, 0.3), variant("cold", 0.2, 0.3)],
            ),
        ];
        for (index, (id, experiment, variants)) in duels.into_iter().enumerate() {
            videos.push(Video {
                id,
                duration: 40.0,
                weight: 0.09,
                peak: 7.5,
                segments: segments(40.0),
                // The second is the one that differs, and the last.
                hotspots: curve(5 + index, 10.0, 7.5),
                experiment: Some(Experiment {
                    id: experiment,
                    variants,
                }),
                has_curve: false,
            });
        }
        Self { products, videos }
    }

    /// What the shop knows and no event says, as the report reads it: `segments.csv` and `influencers.csv`.
    pub fn write_tables(&self, data: &Path) -> Result<()> {
        let mut segments = String::from("video,segment,host,start,end\n");
        for video in &self.videos {
            for one in &video.segments {
                let line = format!(
                    "{},{},{},{},{}\n",
                    video.id, one.id, one.host, one.start, one.end
                );
                segments.push_str(&line);
            }
        }
        let mut influencers = String::from("influencer,campaign,code\n");
        for campaign in CAMPAIGNS
            .iter()
            .filter_map(|one| Some((one.name, one.code?)))
        {
            let (name, code) = campaign;
            let influencer = name.split('-').next().unwrap_or(name);
            influencers.push_str(&format!("{influencer},{name},{code}\n"));
        }
        for (name, text) in [("segments.csv", segments), ("influencers.csv", influencers)] {
            let path = data.join(name);
            std::fs::write(&path, text)
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
        Ok(())
    }
}
