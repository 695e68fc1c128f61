//! Which variant is better, how sure that is, and whether the question may be asked at all.

use super::rows::{Row, count, frame, text};
use super::tables::weights;
use crate::frame::{Frame, Value};
use crate::scope::Scope;
use crate::stats::Interval;
use crate::stats::bayes::{expected_loss, probability_above};
use crate::stats::compare::{Count, Tested, holm, needed, newcombe, sample_ratio, two_proportions};
use crate::stats::sequential::{EXPECTED_DIFFERENCE, FEWEST, always_valid};
use anyhow::Result;
use std::collections::BTreeMap;

/// Below this the groups' sizes are not as they were drawn, and nothing else can be believed. A false alarm in a thousand.
const RATIO_LEVEL: f64 = 0.001;
const LEVEL: f64 = 0.05;
const METRICS: [&str; 3] = ["clicked", "intended", "ordered"];
const COLUMNS: [&str; 18] = [
    "experiment",
    "dimension",
    "metric",
    "variant",
    "viewers",
    "converted_viewers",
    "conversion",
    "difference",
    "difference_low",
    "difference_high",
    "p_value",
    "probability_above",
    "expected_loss",
    "always_low",
    "always_high",
    "sample_ratio_p",
    "crossovers",
    "verdict",
];

/// A variant's viewers, and how many of them did each of the metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The experiment.
    pub experiment: String,
    /// What of it.
    pub dimension: String,
    /// The variant.
    pub variant: String,
    /// Different viewers.
    pub viewers: u64,
    /// In the order of the metrics: clicked, intended, ordered.
    pub converted: [u64; 3],
    /// Viewers of the experiment with several variants.
    pub crossovers: u64,
}

/// A variant beside the first one.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Its rate less the first one's.
    pub difference: f64,
    /// For one look.
    pub interval: Interval,
    /// Raised for all rows of the experiment and metric; nothing where neither group has any, or all.
    pub p_value: Option<f64>,
    /// That its rate is above.
    pub probability_above: f64,
    /// Of choosing it.
    pub expected_loss: f64,
    /// For any number of looks.
    pub always: Interval,
}

fn groups(frame: &Frame) -> Result<Vec<Group>> {
    let group = |row: Row| {
        Ok(Group {
            experiment: row.text("experiment").to_owned(),
            dimension: row.text("dimension").to_owned(),
            variant: row.text("variant").to_owned(),
            viewers: row.count("viewers")?,
            converted: [
                row.count("clicked_viewers")?,
                row.count("intended_viewers")?,
                row.count("ordered_viewers")?,
            ],
            crossovers: row.count("crossovers")?,
        })
    };
    Row::all(frame).map(group).collect()
}

fn counted(group: &Group, metric: usize) -> Option<Count> {
    Count::new(*group.converted.get(metric)?, group.viewers)
}

fn compared(first: Count, other: Count) -> Compared {
    Compared {
        difference: other.rate() - first.rate(),
        interval: newcombe(first, other),
        p_value: two_proportions(first, other).map(|test| test.p_value),
        probability_above: probability_above(first, other),
        expected_loss: expected_loss(other, first),
        always: always_valid(first, other),
    }
}

fn points(share: f64) -> String {
    format!("{:.2}", share * 100.0)
}

/// What is to be made of it.
pub fn verdict(
    (first, other): (&Group, &Group),
    metric: usize,
    found: &Compared,
    ratio: Option<Tested>,
) -> String {
    let (a, b) = (&first.variant, &other.variant);
    if let Some(ratio) = ratio.filter(|ratio| ratio.p_value < RATIO_LEVEL) {
        return format!(
            "not to be read: groups of such sizes come by chance in {:.1e} of cases; look for what keeps viewers of one variant from being counted",
            ratio.p_value
        );
    }
    let fewest = first.viewers.min(other.viewers);
    let hits = |group: &Group| group.converted[metric];
    if fewest < FEWEST || hits(first) + hits(other) < 10 {
        return format!(
            "too early: {fewest} viewers and {} conversions so far",
            hits(first) + hits(other)
        );
    }
    let ends = format!(
        "{} to {} points",
        points(found.always.low),
        points(found.always.high)
    );
    if found.always.low > 0.0 {
        return format!("{b} is better than {a} by {ends}, however often this was looked at");
    }
    if found.always.high < 0.0 {
        return format!("{b} is worse than {a}: {ends}, however often this was looked at");
    }
    if found.p_value.is_some_and(|p| p < LEVEL) {
        let word = if found.difference > 0.0 {
            "better"
        } else {
            "worse"
        };
        return format!(
            "{b} looks {word} than {a}, which counts only if this end was fixed beforehand; go on otherwise"
        );
    }
    let rate = hits(first) as f64 / first.viewers as f64;
    let more = needed(rate, EXPECTED_DIFFERENCE).map_or(String::new(), |all| {
        format!(
            "; {all} viewers in each group find one of {} points",
            points(EXPECTED_DIFFERENCE)
        )
    });
    format!("no difference found: {ends} are possible{more}")
}

/// Rows of groups become rows of metrics, each variant beside the first of its experiment and dimension.
pub fn finish(rows: Frame, scope: &Scope) -> Result<Frame> {
    let drawn = scope
        .tables
        .weights
        .as_deref()
        .map(weights)
        .transpose()?
        .unwrap_or_default();
    // As in the hotspot file: 1 where nothing is said.
    let weight = |group: &&Group| {
        let key = (group.experiment.clone(), group.variant.clone());
        drawn.get(&key).copied().unwrap_or(1.0)
    };
    let groups = groups(&rows)?;
    let mut parts: BTreeMap<(&str, &str), Vec<&Group>> = BTreeMap::new();
    for group in &groups {
        parts
            .entry((&group.experiment, &group.dimension))
            .or_default()
            .push(group);
    }
    let mut found: Vec<(&Group, &Group, usize, Option<Compared>)> = Vec::new();
    for part in parts.values() {
        for metric in 0..METRICS.len() {
            for group in part {
                let first = part[0];
                let counts = counted(first, metric).zip(counted(group, metric));
                let other = counts.filter(|_| group.variant != first.variant);
                found.push((first, group, metric, other.map(|(a, b)| compared(a, b))));
            }
        }
    }
    raise(&mut found);
    let rows = found.iter().map(|(first, group, metric, compared)| {
        let part = &parts[&(group.experiment.as_str(), group.dimension.as_str())];
        let sizes: Vec<u64> = part.iter().map(|one| one.viewers).collect();
        let weights: Vec<f64> = part.iter().map(weight).collect();
        let ratio = sample_ratio(&sizes, &weights);
        row(first, group, *metric, compared.as_ref(), ratio)
    });
    Ok(frame(COLUMNS, rows.collect()))
}

/// Raises p-values by Holm, within each experiment and metric.
fn raise(found: &mut [(&Group, &Group, usize, Option<Compared>)]) {
    let mut families: BTreeMap<(String, usize), Vec<usize>> = BTreeMap::new();
    for (at, (_, group, metric, compared)) in found.iter().enumerate() {
        if compared.as_ref().is_some_and(|one| one.p_value.is_some()) {
            let key = (group.experiment.clone(), *metric);
            families.entry(key).or_default().push(at);
        }
    }
    for family in families.values() {
        let own = |at: &usize| found[*at].3.as_ref().and_then(|one| one.p_value);
        let p_values: Vec<f64> = family.iter().filter_map(own).collect();
        for (at, raised) in family.iter().zip(holm(&p_values)) {
            if let Some(compared) = &mut found[*at].3 {
                compared.p_value = Some(raised);
            }
        }
    }
}

fn row(
    first: &Group,
    group: &Group,
    metric: usize,
    compared: Option<&Compared>,
    ratio: Option<Tested>,
) -> [Value; 18] {
    let converted = group.converted[metric];
    let real = |value: fn(&Compared) -> f64| Value::from(compared.map(value));
    let words = compared.map_or("what the others are compared with".to_owned(), |found| {
        verdict((first, group), metric, found, ratio)
    });
    [
        text(&group.experiment),
        text(&group.dimension),
        text(METRICS[metric]),
        text(&group.variant),
        count(group.viewers),
        count(converted),
        Value::from(counted(group, metric).map(|one| one.rate())),
        real(|one| one.difference),
        real(|one| one.interval.low),
        real(|one| one.interval.high),
        Value::from(compared.and_then(|one| one.p_value)),
        real(|one| one.probability_above),
        real(|one| one.expected_loss),
        real(|one| one.always.low),
        real(|one| one.always.high),
        Value::from(ratio.map(|one| one.p_value)),
        count(group.crossovers),
        Value::Text(words),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::tables::tests::file;
    use super::*;

    fn rows(groups: &[(&str, &str, u64, [u64; 3])]) -> Frame {
        let columns = [
            "experiment",
            "dimension",
            "variant",
            "viewers",
            "clicked_viewers",
            "intended_viewers",
            "ordered_viewers",
            "crossovers",
        ];
        let row = |(dimension, variant, viewers, converted): &(&str, &str, u64, [u64; 3])| {
            let [a, b, c] = converted.map(count);
            [
                text("host"),
                text(dimension),
                text(variant),
                count(*viewers),
                a,
                b,
                c,
                count(7),
            ]
        };
        frame(columns, groups.iter().map(row).collect())
    }

    fn finished(groups: &[(&str, &str, u64, [u64; 3])]) -> Frame {
        finish(rows(groups), &Scope::default()).unwrap()
    }

    fn cell<'a>(frame: &'a Frame, metric: &str, variant: &str, column: &str) -> &'a Value {
        let at = |name| frame.index(name).unwrap();
        let is = |row: &&Vec<Value>| {
            row[at("metric")].text() == Some(metric) && row[at("variant")].text() == Some(variant)
        };
        &frame.rows.iter().find(is).unwrap()[at(column)]
    }

    #[test]
    fn a_clear_winner_and_nothing_found() {
        let found = finished(&[
            ("all", "ana", 10_000, [2_000, 600, 10]),
            ("all", "ben", 10_050, [2_600, 640, 12]),
        ]);
        assert_eq!(found.rows.len(), 6);
        let words = |metric| cell(&found, metric, "ben", "verdict").text().unwrap();
        assert!(
            words("clicked").starts_with("ben is better than ana by"),
            "{}",
            words("clicked")
        );
        assert!(
            words("intended").starts_with("no difference found"),
            "{}",
            words("intended")
        );
        assert!(
            cell(&found, "clicked", "ben", "probability_above")
                .real()
                .unwrap()
                > 0.999_999
        );
        assert_eq!(cell(&found, "clicked", "ana", "difference"), &Value::Null);
        assert_eq!(cell(&found, "ordered", "ben", "crossovers"), &Value::Int(7));
    }

    #[test]
    fn groups_of_other_sizes_than_drawn_are_not_read() {
        let found = finished(&[
            ("all", "ana", 10_000, [2_000, 0, 0]),
            ("all", "ben", 9_000, [2_600, 0, 0]),
        ]);
        let words = cell(&found, "clicked", "ben", "verdict").text().unwrap();
        assert!(words.starts_with("not to be read"), "{words}");
    }

    #[test]
    fn groups_drawn_unevenly_are_read_by_their_weights() {
        let table = file("experiment,variant,weight\nhost,ana,10\nhost,ben,90\n");
        let mut scope = Scope::default();
        scope.tables.weights = Some(table.path().to_owned());
        let groups = [
            ("all", "ana", 1_020, [200, 0, 0]),
            ("all", "ben", 9_000, [1_800, 0, 0]),
        ];
        let found = finish(rows(&groups), &scope).unwrap();
        // 1,002 and 9,018 were expected: (18² / 1,002 + 18² / 9,018) is 0.3593 of a chi-square with one degree of freedom.
        let p = cell(&found, "clicked", "ben", "sample_ratio_p")
            .real()
            .unwrap();
        assert!((p - 0.5489).abs() < 1e-3, "{p}");
        let words = cell(&found, "clicked", "ben", "verdict").text().unwrap();
        assert!(words.starts_with("no difference"), "{words}");
    }

    #[test]
    fn too_early() {
        let found = finished(&[
            ("all", "ana", 20, [9, 0, 0]),
            ("all", "ben", 25, [24, 0, 0]),
        ]);
        let words = cell(&found, "clicked", "ben", "verdict").text().unwrap();
        assert!(words.starts_with("too early"), "{words}");
    }

    #[test]
    fn several_dimensions_raise_each_other() {
        let two = [
            ("phone", "a", 1_000, [100, 0, 0]),
            ("phone", "b", 1_000, [130, 0, 0]),
        ];
        let more = [
            ("desktop", "a", 1_000, [100, 0, 0]),
            ("desktop", "b", 1_000, [101, 0, 0]),
        ];
        let p = |frame: &Frame, at: usize| {
            frame.rows[at][frame.index("p_value").unwrap()]
                .real()
                .unwrap()
        };
        let alone = p(&finished(&two), 1);
        let both = finished(&[more, two].concat());
        let of_phone = both
            .rows
            .iter()
            .position(|row| row[1].text() == Some("phone") && row[3].text() == Some("b"));
        assert!((p(&both, of_phone.unwrap()) - 2.0 * alone).abs() < 1e-12);
    }
}
