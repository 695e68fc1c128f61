//! "Did you mean …": the known name that is closest to what was written.

/// Names longer than this are compared with nothing.
const LONGEST: usize = 40;

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
fn distance(a: &[u8], b: &[u8]) -> usize {
    let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut left: Option<u8> = None;
    for (i, &x) in a.iter().enumerate() {
        let mut row = Vec::from([i + 1]);
        let mut last: Option<u8> = None;
        for (j, &y) in b.iter().enumerate() {
            let same = x.eq_ignore_ascii_case(&y);
            let mut least = (at(&above, j) + usize::from(!same))
                .min(at(&above, j + 1) + 1)
                .min(at(&row, j) + 1);
            if j > 0 && left == Some(y) && last == Some(x) {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
            last = Some(y);
        }
        before = core::mem::replace(&mut above, row);
        left = Some(x);
    }
    at(&above, b.len())
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
