//! "Did you mean …": the known name that is closest to what was written.

/// Names longer than this are compared with nothing.
const LONGEST: usize = 40;
/// Room for a name that is a third longer, and for none of it.
const WIDTH: usize = 64;

/// The name that is at most one slip in three letters away from `word`, whatever its case.
/// `budget` is how many more comparisons the file may cost.
pub(super) fn nearest(
    word: &str,
    names: &mut dyn Iterator<Item = &str>,
    budget: &mut usize,
) -> Option<String> {
    if word.len() > LONGEST {
        return None;
    }
    let limit = if word.len() < 3 { 0 } else { word.len() / 3 };
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        if name.len().abs_diff(word.len()) > limit {
            continue;
        }
        *budget = budget.checked_sub(1)?;
        let slips = distance(word.as_bytes(), name.as_bytes());
        if slips <= limit && best.is_none_or(|(least, _)| slips < least) {
            best = Some((slips, name));
        }
    }
    best.map(|(_, name)| String::from(name))
}

/// Letters to insert, delete, replace or swap with a neighbour; upper case counts as lower.
/// `b` must be shorter than `WIDTH`.
fn distance(a: &[u8], b: &[u8]) -> usize {
    // The last three rows of the table, one after the other, and around.
    let mut table = [0; 3 * WIDTH];
    let mut left = 0;
    for i in 0..=a.len() {
        let x = if i > 0 {
            a.get(i - 1)
                .copied()
                .unwrap_or_default()
                .to_ascii_lowercase()
        } else {
            0
        };
        let mut last = 0;
        for j in 0..=b.len() {
            let y = if j > 0 {
                b.get(j - 1)
                    .copied()
                    .unwrap_or_default()
                    .to_ascii_lowercase()
            } else {
                0
            };
            let at = |up: usize, back: usize| {
                if i < up || j < back {
                    return usize::MAX / 2;
                }
                table
                    .get((i - up) % 3 * WIDTH + j - back)
                    .copied()
                    .unwrap_or_default()
            };
            let mut least = at(0, 1).min(at(1, 0)) + 1;
            least = least.min(at(1, 1) + usize::from(x != y));
            if x == last && y == left {
                least = least.min(at(2, 2) + 1);
            }
            if i + j == 0 {
                least = 0;
            }
            if let Some(cell) = table.get_mut(i % 3 * WIDTH + j) {
                *cell = least;
            }
            last = y;
        }
        left = x;
    }
    table
        .get(a.len() % 3 * WIDTH + b.len())
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(word: &str, names: &[&str]) -> Option<String> {
        nearest(word, &mut names.iter().copied(), &mut 100)
    }

    #[test]
    fn slips_are_counted() {
        assert_eq!(distance(b"lable", b"label"), 1);
        assert_eq!(distance(b"elipse", b"ellipse"), 1);
        assert_eq!(distance(b"", b"abc"), 3);
        assert_eq!(distance(b"abc", b""), 3);
        assert_eq!(distance(b"KITTEN", b"sitting"), 3);
    }

    #[test]
    fn only_what_is_close_is_suggested() {
        assert_eq!(
            guess("Elipse", &["point", "ellipse"]).as_deref(),
            Some("ellipse")
        );
        assert_eq!(
            guess("imageLink", &["link", "image_link"]).as_deref(),
            Some("image_link")
        );
        assert_eq!(guess("name", &["time", "title"]), None);
        assert_eq!(guess("x1", &["x", "y"]), None);
        assert_eq!(guess(&"a".repeat(50), &["a"]), None);
    }

    #[test]
    fn guessing_ends_when_its_budget_is_spent() {
        let mut budget = 1;
        assert_eq!(
            nearest("bag-x", &mut ["bag-1", "bag-2"].into_iter(), &mut budget),
            None
        );
        assert_eq!(budget, 0);
    }
}
