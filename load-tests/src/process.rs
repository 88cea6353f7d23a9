//! What the operating system tells of a process that is measured.

use std::time::Duration;

use anyhow::Context;

/// Ticks a second of `/proc/<pid>/stat`; Linux shows all programs this one.
const USER_HZ: f64 = 100.0;

/// The processor time that a process has used so far.
pub fn cpu_time(pid: u32) -> anyhow::Result<Duration> {
    let stat =
        std::fs::read_to_string(format!("/proc/{pid}/stat")).context("cannot read the process's times")?;
    // The name of the program stands in parentheses and may contain blanks.
    let (_, fields) = stat.rsplit_once(") ").context("the process's times have another form")?;
    let ticks: u64 = fields.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(Duration::from_secs_f64(ticks as f64 / USER_HZ))
}

/// The most memory that a process has had so far, in MiB.
pub fn peak_memory_mib(pid: u32) -> anyhow::Result<f64> {
    let status =
        std::fs::read_to_string(format!("/proc/{pid}/status")).context("cannot read the process's memory")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<f64>().ok());
    Ok(kib.context("the process's memory has another form")? / 1024.0)
}

/// The load average of the last minute.
pub fn load_average() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next()?.parse().ok()
}
