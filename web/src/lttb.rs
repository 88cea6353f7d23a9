//! Downsampling by largest triangle three buckets (S. Steinarsson, 2013): few points that look like all of them.

/// A point of a series: a position in time and a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    /// Milliseconds.
    pub(crate) at: i64,
    /// The value.
    pub(crate) value: f64,
}

/// At most `keep` of the points, in order; the first and the last are always among them. `keep` below 3 keeps the
/// first, or the first and the last.
pub(crate) fn downsample(points: &[Point], keep: usize) -> Vec<Point> {
    if points.len() <= keep {
        return points.to_vec();
    }
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    match keep {
        0 => return Vec::new(),
        1 => return vec![*first],
        2 => return vec![*first, *last],
        _ => {}
    }
    let inner = &points[1..points.len() - 1];
    let buckets = keep - 2;
    // `keep < points.len()`, so that every bucket has at least one point.
    let bucket = |n: usize| &inner[n * inner.len() / buckets..(n + 1) * inner.len() / buckets];
    let mut kept = Vec::with_capacity(keep);
    let mut before = *first;
    kept.push(before);
    for n in 0..buckets {
        let after = if n + 1 < buckets { mean(bucket(n + 1)) } else { (last.at as f64, last.value) };
        let by_area = |a: &&Point, b: &&Point| area(before, **a, after).total_cmp(&area(before, **b, after));
        if let Some(best) = bucket(n).iter().max_by(by_area) {
            before = *best;
            kept.push(before);
        }
    }
    kept.push(*last);
    kept
}

fn mean(points: &[Point]) -> (f64, f64) {
    let count = points.len() as f64;
    let (at, value) = points.iter().fold((0.0, 0.0), |(at, value), p| (at + p.at as f64, value + p.value));
    (at / count, value / count)
}

/// Twice the area of the triangle.
fn area(a: Point, b: Point, c: (f64, f64)) -> f64 {
    let (ax, bx) = (a.at as f64, b.at as f64);
    ((ax - c.0) * (b.value - a.value) - (ax - bx) * (c.1 - a.value)).abs()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keeps_the_spike() {
        let mut points: Vec<Point> = (0..1000).map(|at| Point { at, value: 1.0 }).collect();
        points[437].value = 99.0;
        let kept = downsample(&points, 10);
        assert_eq!(kept.len(), 10);
        assert!(kept.contains(&points[437]));
    }

    proptest! {
        #[test]
        fn keeps_ends_order_and_number(
            values in prop::collection::vec(-1e9f64..1e9, 0..300),
            keep in 0usize..60,
        ) {
            let points: Vec<Point> =
                values.iter().enumerate().map(|(n, value)| Point { at: n as i64 * 7, value: *value }).collect();
            let kept = downsample(&points, keep);
            prop_assert_eq!(kept.len(), keep.min(points.len()));
            prop_assert!(kept.windows(2).all(|pair| pair[0].at < pair[1].at));
            prop_assert!(kept.iter().all(|point| points.contains(point)));
            if keep >= 1 {
                prop_assert_eq!(kept.first(), points.first());
            }
            if keep >= 2 {
                prop_assert_eq!(kept.last(), points.last());
            }
        }
    }
}
