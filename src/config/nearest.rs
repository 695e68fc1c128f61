//! "Did you mean …": the known name that is closest to what was written.

use alloc::string::String;

/// Names longer than this are compared with nothing.
const LONGEST: usize = 40;
/// More slips than these are no slips.
const MOST_SLIPS: usize = 3;

/// The name that is at most one slip in three letters away from `word`, whatever its case.
/// `budget` is how many more comparisons the file may cost.
pub(super) fn nearest(word: &str, names: &[&str], budget: &mut usize) -> Option<String> {
    if word.len() > LONGEST {
        return None;
    }
    for slips in 0..=MOST_SLIPS.min(word.len() / 3) {
        for name in names {
            *budget = budget.checked_sub(1)?;
            if is_near(word.as_bytes(), name.as_bytes(), slips) {
                return Some(String::from(*name));
            }
        }
    }
    None
}

/// Whether so many letters inserted, deleted, replaced or swapped with a neighbour make one the
/// other; upper case counts as lower.
fn is_near(mut a: &[u8], mut b: &[u8], slips: usize) -> bool {
    while let ([x, c @ ..], [y, d @ ..]) = (a, b) {
        if x.eq_ignore_ascii_case(y) {
            (a, b) = (c, d);
            continue;
        }
        let Some(slips) = slips.checked_sub(1) else {
            return false;
        };
        if let ([v, e @ ..], [w, f @ ..]) = (c, d)
            && x == w
            && v == y
            && is_near(e, f, slips)
        {
            return true;
        }
        return is_near(c, d, slips) || is_near(c, b, slips) || is_near(a, d, slips);
    }
    a.len() + b.len() <= slips
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn guess(word: &str, names: &[&str]) -> Option<String> {
        nearest(word, names, &mut 100)
    }

    #[test]
    fn slips_are_counted() {
        for (a, b, slips) in [
            ("lable", "label", 1),
            ("elipse", "ellipse", 1),
            ("", "abc", 3),
            ("abc", "", 3),
            ("KITTEN", "sitting", 3),
        ] {
            assert!(is_near(a.as_bytes(), b.as_bytes(), slips), "{a} {b}");
            assert!(!is_near(a.as_bytes(), b.as_bytes(), slips - 1), "{a} {b}");
        }
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
        assert_eq!(nearest("bag-x", &["bag-1", "bag-2"], &mut budget), None);
        assert_eq!(budget, 0);
    }
}
