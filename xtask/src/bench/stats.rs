//! Medians and what is around them.

/// A sample's quantile, 0.5 for the median; NaN of nothing.
pub fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    // The nearest rank: with whole frames, the answer is a whole frame.
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted[rank.saturating_sub(1).min(last)]
}

/// The median, and between which values the middle half lies.
pub fn spread(values: &[f64], digits: usize) -> String {
    if values.is_empty() {
        return "–".to_owned();
    }
    let [low, middle, high] = [0.25, 0.5, 0.75].map(|part| quantile(values, part));
    format!("{middle:.digits$} ({low:.digits$}–{high:.digits$})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_nearest_ranks() {
        let values = [5.0, 1.0, 3.0, 2.0, 4.0];
        assert_eq!(quantile(&values, 0.5), 3.0);
        assert_eq!(quantile(&values, 0.99), 5.0);
        assert_eq!(quantile(&values, 0.0), 1.0);
        assert!(quantile(&[], 0.5).is_nan());
        assert_eq!(spread(&values, 1), "3.0 (2.0–4.0)");
        assert_eq!(spread(&[], 1), "–");
    }
}
