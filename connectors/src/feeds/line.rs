//! Lines of bytes with a bound on their length, so that a broken recording cannot fill the memory.

use std::io::{self, BufRead};

/// What one call of [`Lines::advance`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A whole line; [`Lines::bytes`] holds it without its line end.
    Line,
    /// A line above the limit, skipped to its end.
    TooLong,
    /// Nothing is left.
    End,
}

/// Reads one line after the other into one buffer that is used again.
pub(super) struct Lines<R> {
    reader: R,
    limit_bytes: usize,
    buffer: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R, limit_bytes: usize) -> Self {
        Self { reader, limit_bytes, buffer: Vec::new(), number: 0 }
    }

    /// Number of the line read last, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The line read last, without `\n` or `\r\n`.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.strip_suffix(b"\r").unwrap_or(&self.buffer)
    }

    pub(super) fn advance(&mut self) -> io::Result<Found> {
        self.buffer.clear();
        let mut started = false;
        let mut too_long = false;
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() && !started {
                return Ok(Found::End);
            }
            if !started {
                started = true;
                self.number += 1;
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            if self.buffer.len() + part.len() > self.limit_bytes {
                too_long = true;
                self.buffer.clear();
            }
            if !too_long {
                self.buffer.extend_from_slice(part);
            }
            let consumed = part.len() + usize::from(end.is_some());
            self.reader.consume(consumed);
            if end.is_some() || consumed == 0 {
                return Ok(if too_long { Found::TooLong } else { Found::Line });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn read(input: &[u8], limit_bytes: usize) -> Vec<(u64, Option<Vec<u8>>)> {
        let mut lines = Lines::new(BufReader::with_capacity(3, input), limit_bytes);
        let mut found = Vec::new();
        loop {
            match lines.advance().unwrap() {
                Found::Line => found.push((lines.number(), Some(lines.bytes().to_vec()))),
                Found::TooLong => found.push((lines.number(), None)),
                Found::End => return found,
            }
        }
    }

    #[test]
    fn lines_end_with_lf_crlf_or_the_file() {
        let line = |text: &str| Some(text.as_bytes().to_vec());
        assert_eq!(read(b"one\r\n\ntwo", 10), [(1, line("one")), (2, line("")), (3, line("two"))]);
        assert_eq!(read(b"", 10), []);
    }

    #[test]
    fn a_line_above_the_limit_is_skipped_and_the_next_one_is_whole() {
        assert_eq!(read(b"0123456789\nok\n01234567", 7), [(1, None), (2, Some(b"ok".to_vec())), (3, None)]);
    }
}
