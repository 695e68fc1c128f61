//! Who comes, when, and what of it is ordered, now, later or never.

use super::lines::{Lines, Segments, Sender};
use super::orders::Buyer;
use super::text::{Event, Id, View, pick};
use super::truth::Truth;
use super::visit::{Plan, Seen, Touch, visit};
use super::world::{self, CAMPAIGNS, DEVICES, Device, MARKETS, ROBOT, World};
use anyhow::Result;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vitrine_collector::time::date;

/// How likely an intent is bought within the window, and an abandoned one later.
pub const ORDER: f64 = 0.42;
pub const RECOVERY: f64 = 0.2;
/// So many viewers may come again; of more, some are forgotten.
const POOL: usize = 20_000;
const RETURNING: f64 = 0.3;
const ROBOTS: f64 = 0.03;
const WRONG_CLOCK: f64 = 0.02;
const LATE: f64 = 0.01;
const REPEATED: f64 = 0.01;
const MISSING: f64 = 0.005;
/// Viewers of an experiment who come again with another variant: they cleared their storage in part.
const CROSSING: f64 = 0.04;
const HOUR: i64 = 3_600_000;

/// A viewer, as far as later visits depend on it.
pub struct Viewer {
    pub id: Id,
    pub market: usize,
    pub device: usize,
    pub campaign: usize,
    /// Which experiment's video they watch, and nothing else; and in which variant.
    pub experiment: Option<(usize, usize)>,
    /// They were in the experiment already.
    seasoned: bool,
    /// What they did in the experiment: clicked, wanted, bought.
    outcome: [bool; 3],
    pub views: u32,
    /// By the right clock: not again before.
    pub free_at: i64,
    pub touches: Vec<Touch>,
    /// How far the browser's clock is ahead.
    pub ahead: i64,
    /// What they wanted is lost, and they do not come again.
    pub gone: bool,
}

/// All that goes on.
pub struct Shop {
    pub world: World,
    pub rng: ChaCha8Rng,
    pub truth: Truth,
    pub lines: Lines,
    pub orders: u64,
    /// Nothing happens after it.
    pub end: i64,
    pool: Vec<Viewer>,
}

impl Shop {
    /// An empty one.
    pub fn new(seed: u64, end: i64) -> Self {
        let world = World::new();
        let truth = Truth::of(&world, ORDER, RECOVERY);
        Self {
            world,
            rng: ChaCha8Rng::seed_from_u64(seed),
            truth,
            lines: Lines::default(),
            orders: 0,
            end,
            pool: Vec::new(),
        }
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.rng.random::<f64>() < probability
    }

    fn newcomer(&mut self, now: i64) -> Viewer {
        let videos = self.world.videos.iter().map(|video| video.weight);
        let video = pick(&mut self.rng, videos);
        let in_experiment = self.world.videos[video].experiment.is_some();
        let variant = self.rng.random_range(0..2);
        let ahead = if self.chance(WRONG_CLOCK) {
            let size = self.rng.random_range(HOUR..72 * HOUR);
            if self.chance(0.5) { size } else { -size }
        } else {
            self.rng.random_range(-2_000..2_000)
        };
        Viewer {
            id: Id::new(&mut self.rng, now + ahead),
            market: pick(&mut self.rng, MARKETS.iter().map(|one| one.weight)),
            device: pick(&mut self.rng, DEVICES.iter().map(|one| one.weight)),
            campaign: pick(&mut self.rng, CAMPAIGNS.iter().map(|one| one.weight)),
            experiment: in_experiment.then_some((video, variant)),
            seasoned: false,
            outcome: [false; 3],
            views: 0,
            free_at: 0,
            touches: Vec::new(),
            ahead,
            gone: false,
        }
    }

    fn viewer(&mut self, now: i64) -> Viewer {
        if !self.pool.is_empty() && self.chance(RETURNING) {
            let index = self.rng.random_range(0..self.pool.len());
            if self.pool[index].free_at < now {
                return self.pool.swap_remove(index);
            }
        }
        self.newcomer(now)
    }

    fn video_of(&mut self, viewer: &mut Viewer) -> (usize, usize) {
        let Some((video, variant)) = viewer.experiment else {
            let plain = self.world.videos.iter().map(|video| {
                if video.experiment.is_some() {
                    0.0
                } else {
                    video.weight
                }
            });
            return (pick(&mut self.rng, plain), 0);
        };
        let crosses = viewer.seasoned && self.chance(CROSSING);
        (video, if crosses { 1 - variant } else { variant })
    }

    /// Somebody comes at a time.
    pub fn visitor(&mut self, now: i64) {
        if self.chance(ROBOTS) {
            return self.robot(now);
        }
        let mut viewer = self.viewer(now);
        let (video, variant) = self.video_of(&mut viewer);
        let crossed = viewer.experiment.is_some_and(|(_, own)| own != variant);
        let start = now + viewer.ahead;
        let [view, session] = [0, 1].map(|_| Id::new(&mut self.rng, start));
        let plan = Plan {
            world: &self.world,
            video,
            start,
            view,
            variant,
            campaign: viewer.campaign,
            robot: false,
            seasoned: viewer.seasoned,
        };
        let mut seen = visit(&plan, &mut self.rng);
        self.count(&viewer, video, &seen);
        viewer.views += 1;
        self.send(&viewer, (video, variant), (view, session), now, &mut seen);
        viewer.free_at = now + seen.left_at + 60_000;
        let first = !viewer.seasoned && seen.experiment;
        let bought = Buyer {
            viewer: &mut viewer,
            video,
            view,
            session,
            now,
            seen: &seen,
        }
        .decide(self);
        if first {
            let last = seen.hotspots.last().copied().unwrap_or_default();
            let pressed = |event: &Event| matches!(event.kind, "add_to_cart" | "buy_now");
            let intended = seen.events.iter().any(pressed);
            viewer.outcome = [last.1, intended, bought];
            viewer.seasoned = true;
            self.experiment(video, variant, viewer.outcome, 1);
        }
        if crossed && seen.experiment {
            self.cross(&mut viewer);
        }
        self.keep(viewer);
    }

    fn experiment(&mut self, video: usize, variant: usize, outcome: [bool; 3], sign: i64) {
        let id = self.world.videos[video].id;
        let Some(truth) = self
            .truth
            .experiments
            .iter_mut()
            .find(|one| one.video == id)
        else {
            return;
        };
        let Some(group) = truth.variants.get_mut(variant) else {
            return;
        };
        let [clicked, intended, ordered] = outcome.map(i64::from);
        let add = |count: &mut u64, more: i64| *count = count.saturating_add_signed(more * sign);
        add(&mut group.viewers, 1);
        add(&mut group.clicked, clicked);
        add(&mut group.intended, intended);
        add(&mut group.ordered, ordered);
    }

    /// The viewer saw both variants: they are taken out of their group.
    fn cross(&mut self, viewer: &mut Viewer) {
        let Some((video, variant)) = viewer.experiment.take() else {
            return;
        };
        self.experiment(video, variant, viewer.outcome, -1);
        let id = self.world.videos[video].id;
        for truth in self
            .truth
            .experiments
            .iter_mut()
            .filter(|one| one.video == id)
        {
            truth.crossovers += 1;
        }
        viewer.gone = true;
    }

    fn keep(&mut self, viewer: Viewer) {
        if viewer.gone {
            return;
        }
        if self.pool.len() < POOL {
            self.pool.push(viewer);
        } else {
            let index = self.rng.random_range(0..POOL);
            self.pool[index] = viewer;
        }
    }

    fn robot(&mut self, now: i64) {
        let video = self.rng.random_range(0..5);
        let [view, session, viewer] = [0; 3].map(|_| Id::new(&mut self.rng, now));
        let plan = Plan {
            world: &self.world,
            video,
            start: now,
            view,
            variant: 0,
            campaign: 0,
            robot: true,
            seasoned: false,
        };
        let seen = visit(&plan, &mut self.rng);
        self.truth.bot_views += 1;
        let shared = View {
            world: &self.world,
            video: Some(&self.world.videos[video]),
            viewer,
            session,
            view,
            start: now,
            market: 0,
            variant: 0,
        };
        let sender = Sender {
            device: &ROBOT,
            campaign: 0,
            page: "looks",
            ahead: 0,
            late: 0,
            repeats: false,
            robot: true,
        };
        let both = (&mut self.rng, &mut self.truth);
        self.lines
            .send(&shared, sender, &seen.events, 0, None, both);
    }

    /// Sends a view's events; some lose one, some come twice, some late.
    fn send(
        &mut self,
        viewer: &Viewer,
        what: (usize, usize),
        ids: (Id, Id),
        now: i64,
        seen: &mut Seen,
    ) {
        let ((video, variant), (view, session)) = (what, ids);
        let mut late_from = seen.events.len();
        let mut late = 0;
        if self.chance(LATE) {
            let most = self.end - now - seen.left_at - 10_000;
            late = self.rng.random_range(HOUR..70 * HOUR);
            if late < most {
                let left = seen.left_at;
                late_from = seen
                    .events
                    .iter()
                    .position(|event| event.at >= left - 8_000)
                    .unwrap_or(0);
            }
        }
        // Nothing is counted by it.
        let losing = self.chance(MISSING);
        let missing = seen
            .events
            .iter()
            .take(late_from)
            .position(|one| one.kind == "segment_enter")
            .filter(|_| losing);
        let repeats = self.chance(REPEATED);
        let shared = View {
            world: &self.world,
            video: Some(&self.world.videos[video]),
            viewer: viewer.id,
            session,
            view,
            start: now + viewer.ahead,
            market: viewer.market,
            variant,
        };
        let sender = Sender {
            device: &DEVICES[viewer.device],
            campaign: viewer.campaign,
            page: "looks",
            ahead: viewer.ahead,
            late: 0,
            repeats,
            robot: false,
        };
        let (soon, later) = seen.events.split_at(late_from);
        self.lines.send(
            &shared,
            sender,
            soon,
            0,
            missing,
            (&mut self.rng, &mut self.truth),
        );
        let sender = Sender { late, ..sender };
        self.lines.send(
            &shared,
            sender,
            later,
            late_from,
            None,
            (&mut self.rng, &mut self.truth),
        );
    }

    fn count(&mut self, viewer: &Viewer, video: usize, seen: &Seen) {
        let truth = &mut self.truth;
        truth.views += 1;
        truth.viewers += u64::from(viewer.views == 0);
        truth.returning_viewers += u64::from(viewer.views == 1);
        truth.skewed_views += u64::from(viewer.ahead.abs() > 5_000);
        *truth
            .views_by_device
            .entry(DEVICES[viewer.device].name.to_owned())
            .or_default() += 1;
        let campaign = match CAMPAIGNS[viewer.campaign].name {
            "" => "none",
            name => name,
        };
        *truth
            .views_by_campaign
            .entry(campaign.to_owned())
            .or_default() += 1;
        let own = &self.world.videos[video];
        if let Some(row) = truth.videos.get_mut(own.id) {
            row.views += 1;
            row.plays += u64::from(seen.played);
            row.completed += u64::from(seen.completed);
            row.interactive += u64::from(!seen.clicks.is_empty());
            row.watched_ms += seen.watched_ms;
        }
        let before: usize = self
            .world
            .videos
            .iter()
            .take(video)
            .map(|one| one.hotspots.len())
            .sum();
        for (index, (exposed, clicked)) in seen.hotspots.iter().enumerate() {
            if let Some(row) = truth.hotspots.get_mut(before + index) {
                row.exposed_views += u64::from(*exposed);
                row.clicked_views += u64::from(*clicked);
            }
        }
        for click in &seen.clicks {
            let day = date(click.time - viewer.ahead);
            let product = self.world.products[click.product].id.clone();
            *truth
                .clicks_by_product_day
                .entry(product)
                .or_default()
                .entry(day)
                .or_default() += 1;
        }
        count_page(truth, &seen.events);
    }

    /// Writes what came before a time.
    pub fn write_until(&mut self, time: i64, segments: Option<&mut Segments>) -> Result<()> {
        self.lines.write_until(time, segments)
    }
}

fn count_page(truth: &mut Truth, events: &[Event]) {
    for event in events {
        if event.kind == "lead" {
            truth.leads += 1;
        } else if event.kind == "poll_answered" {
            let poll = if event.more.contains("satisfaction") {
                "satisfaction"
            } else {
                "recommendation"
            };
            let score = event
                .more
                .rsplit(':')
                .next()
                .and_then(|score| score.parse().ok());
            let scores = truth.polls.entry(poll.to_owned()).or_default();
            *scores.entry(score.unwrap_or(0)).or_default() += 1;
        }
    }
}

/// The device of a viewer.
pub fn device(viewer: &Viewer) -> &'static Device {
    &world::DEVICES[viewer.device]
}
