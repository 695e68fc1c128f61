//! Two means beside each other.

use super::Interval;
use statrs::distribution::{ContinuousCDF, StudentsT};

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let all = values.len() as f64;
    let mean = values.iter().sum::<f64>() / all;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, squares / (all - 1.0) / all)
}

/// The mean of `after` less that of `before`, with Welch's 95 % interval, <https://doi.org/10.1093/biomet/34.1-2.28>: the
/// variances may differ. No interval under three values on each side.
pub fn welch(before: &[f64], after: &[f64]) -> (f64, Option<Interval>) {
    let ((a, error_a), (b, error_b)) = (mean_and_error(before), mean_and_error(after));
    let error = error_a + error_b;
    let fewest = before.len().min(after.len());
    if fewest < 3 {
        return (b - a, None);
    }
    if error == 0.0 {
        return (
            b - a,
            Some(Interval {
                low: b - a,
                high: b - a,
            }),
        );
    }
    let share = |error: f64, values: &[f64]| error * error / (values.len() as f64 - 1.0);
    let freedom = error * error / (share(error_a, before) + share(error_b, after));
    let interval = StudentsT::new(0.0, 1.0, freedom).ok().map(|t| {
        let half = t.inverse_cdf(0.975) * error.sqrt();
        Interval {
            low: b - a - half,
            high: b - a + half,
        }
    });
    (b - a, interval)
}

#[cfg(test)]
mod tests {
    use super::welch;

    #[test]
    fn by_hand() {
        // Means 2 and 5, both variances 1, errors of 1/3: four degrees of freedom, t = 2.776445.
        let (difference, interval) = welch(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]);
        let interval = interval.unwrap();
        let half = 2.776_445_105 * (2.0_f64 / 3.0).sqrt();
        assert_eq!(difference, 3.0);
        assert!(
            (interval.low - (3.0 - half)).abs() < 1e-6
                && (interval.high - (3.0 + half)).abs() < 1e-6
        );
        assert_eq!(welch(&[1.0, 2.0], &[4.0, 5.0]).1, None);
        assert_eq!(welch(&[0.0; 3], &[0.0; 3]).1.unwrap().width(), 0.0);
    }
}
