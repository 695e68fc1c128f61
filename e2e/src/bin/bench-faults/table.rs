//! The outcomes side by side.

use crate::tracker::Tracker;

/// What became of the events of one case.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Outcome {
    /// How many there were.
    pub made: usize,
    /// How many arrived.
    pub arrived: usize,
    /// How many a `dropped` event counted.
    pub counted: usize,
    /// How many came again under another mark, so that nobody can tell.
    pub unmarked: usize,
    /// How many came again under their own mark.
    pub marked: usize,
    /// Whether a later visit had to bring some.
    pub later: bool,
    /// Whether the tracker threw as it was started.
    pub failed: bool,
}

impl Outcome {
    /// Neither arrived nor counted.
    pub fn lost(&self) -> usize {
        self.made.saturating_sub(self.arrived + self.counted)
    }

    fn cell(&self) -> String {
        let mut words = vec![format!("{} of {}", self.arrived, self.made)];
        let mut say = |count: usize, what: &str| {
            if count > 0 {
                words.push(format!("{count} {what}"));
            }
        };
        say(self.counted, "counted");
        say(self.marked, "again");
        if self.lost() > 0 {
            words.push(format!("**{} lost**", self.lost()));
        }
        if self.unmarked > 0 {
            words.push(format!("**{} again, unmarked**", self.unmarked));
        }
        if self.failed {
            words.push("does not start".to_owned());
        }
        if self.later {
            words.push("next visit".to_owned());
        }
        words.join(", ")
    }
}

/// One case.
pub struct Row {
    name: &'static str,
    cells: Vec<(Tracker, Result<Outcome, &'static str>)>,
}

impl Row {
    /// A case without results.
    pub fn new(name: &'static str) -> Row {
        Row {
            name,
            cells: Vec::new(),
        }
    }

    /// Adds a tracker's outcome, or why it has none.
    pub fn add(&mut self, tracker: Tracker, cell: Result<Outcome, &'static str>) {
        self.cells.push((tracker, cell));
    }

    /// In Markdown.
    pub fn line(&self) -> String {
        let mut text = format!("| {} |", self.name);
        for (_, cell) in &self.cells {
            let cell = match cell {
                Ok(outcome) => outcome.cell(),
                Err(reason) => format!("not applicable: {reason}"),
            };
            text.push_str(&format!(" {cell} |"));
        }
        text
    }
}

/// All cases, and their sums.
pub fn table(rows: &[Row], trackers: &[Tracker]) -> String {
    let mut text = "| case |".to_owned();
    for tracker in trackers {
        text.push_str(&format!(" {tracker:?} |"));
    }
    text.push_str("\n| --- |");
    text.push_str(&" --- |".repeat(trackers.len()));
    text.push('\n');
    for row in rows {
        text.push_str(&row.line());
        text.push('\n');
    }
    let mut sums = Row::new("**all**");
    for &tracker in trackers {
        let mut sum = Outcome::default();
        let cells = rows.iter().flat_map(|row| &row.cells);
        for outcome in cells.filter_map(|(of, cell)| cell.ok().filter(|_| *of == tracker)) {
            sum.made += outcome.made;
            // An event that counts others counts those that came all the same, too, if nobody could tell.
            sum.arrived += outcome.arrived;
            sum.counted += outcome.made - outcome.arrived - outcome.lost();
            sum.unmarked += outcome.unmarked;
            sum.marked += outcome.marked;
        }
        sums.add(tracker, Ok(sum));
    }
    text.push_str(&sums.line());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_told_and_summed() {
        let outcome = Outcome {
            made: 10,
            arrived: 6,
            counted: 1,
            unmarked: 2,
            ..Outcome::default()
        };
        assert_eq!(outcome.lost(), 3);
        let mut row = Row::new("storm");
        row.add(Tracker::Vitrine, Ok(outcome));
        row.add(Tracker::PostHog, Err("no journal"));
        let line = "| storm | 6 of 10, 1 counted, **3 lost**, **2 again, unmarked** | not applicable: no journal |";
        assert_eq!(row.line(), line);
        let table = table(&[row], &[Tracker::Vitrine]);
        assert!(
            table
                .ends_with("| **all** | 6 of 10, 1 counted, **3 lost**, **2 again, unmarked** |\n"),
            "{table}"
        );
    }
}
