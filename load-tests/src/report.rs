//! What was measured, for people as a table and for programs as JSON.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;

use crate::process;

/// Where and when it was measured: without it no figure means anything.
#[derive(Clone, Debug, Serialize)]
pub struct Conditions {
    cores: usize,
    load_average_before: Option<f64>,
    load_average_after: Option<f64>,
}

impl Conditions {
    /// At the beginning.
    pub fn before() -> Self {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        Self { cores, load_average_before: process::load_average(), load_average_after: None }
    }

    /// At the end.
    pub fn after(mut self) -> Self {
        self.load_average_after = process::load_average();
        self
    }
}

/// The distribution of times, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Times {
    /// How many there are.
    pub samples: usize,
    /// The median.
    pub p50_ms: f64,
    /// One in twenty is longer.
    pub p95_ms: f64,
    /// One in a hundred is longer.
    pub p99_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

impl Times {
    /// The distribution of what was measured.
    pub fn of(mut times: Vec<Duration>) -> anyhow::Result<Self> {
        times.sort_unstable();
        let longest = times.last().context("nothing was measured")?.as_secs_f64();
        let at = |part: f64| {
            let rank = (times.len() as f64 * part).ceil() as usize;
            times[rank.clamp(1, times.len()) - 1].as_secs_f64() * 1000.0
        };
        let (p50_ms, p95_ms, p99_ms) = (at(0.50), at(0.95), at(0.99));
        Ok(Self { samples: times.len(), p50_ms, p95_ms, p99_ms, max_ms: longest * 1000.0 })
    }

    /// As cells of a table.
    pub fn cells(&self) -> Vec<String> {
        let times = [self.p50_ms, self.p95_ms, self.p99_ms, self.max_ms];
        let times = times.iter().map(|time| format!("{time:.2}"));
        std::iter::once(self.samples.to_string()).chain(times).collect()
    }
}

/// The middle of some figures: one disturbed round does not move it.
pub fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_unstable_by(f64::total_cmp);
    match (figures.get(figures.len() / 2), figures.len() % 2) {
        (Some(upper), 0) => (upper + figures[figures.len() / 2 - 1]) / 2.0,
        (Some(middle), _) => *middle,
        (None, _) => f64::NAN,
    }
}

/// Prints rows below a heading, the first column to the left, the others to the right.
pub fn print_table(heading: &[&str], rows: &[Vec<String>]) -> anyhow::Result<()> {
    let heading: Vec<String> = heading.iter().map(|name| (*name).to_owned()).collect();
    let lines = || std::iter::once(&heading).chain(rows);
    let width =
        |column: usize| lines().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max();
    let mut text = String::new();
    for line in lines() {
        for (column, cell) in line.iter().enumerate() {
            let width = width(column).unwrap_or(0);
            match column {
                0 => write!(text, "{cell:<width$}")?,
                _ => write!(text, "  {cell:>width$}")?,
            }
        }
        text.push('\n');
    }
    print(&text)
}

/// Prints text as it is.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()?;
    Ok(())
}

/// Writes the whole result to `<out>/<name>.json`.
pub fn write_json(out: &Path, name: &str, result: &impl Serialize) -> anyhow::Result<()> {
    let file = out.join(format!("{name}.json"));
    std::fs::write(&file, serde_json::to_vec_pretty(result)?)
        .with_context(|| format!("cannot write {}", file.display()))?;
    print(&format!("written to {}", file.display()))
}
