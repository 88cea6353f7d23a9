//! What comes in from a socket, bounded: large frames are refused by their header, fragments are put together.
//!
//! The codec of actix-http looks at the length of a frame only when all of it has arrived, so a header that
//! announces gigabytes would fill the memory. [`FrameGuard`] reads the headers ahead of it.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_http::ws::Item;
use actix_web::error::PayloadError;
use bytes::{Bytes, BytesMut};
use bytestring::ByteString;
use futures::Stream;

use super::close::CloseCode;

/// Why the stream of bytes ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A frame above the limit.
    TooLarge,
    /// The connection broke.
    Lost,
}

/// Where a [`FrameGuard`] leaves the fault, because the codec turns every error into text.
pub(super) type FaultCell = Rc<Cell<Option<Fault>>>;

/// The bytes of a peer, up to the first frame that is too large.
pub(super) struct FrameGuard<S> {
    bytes: S,
    headers: HeaderScanner,
    fault: FaultCell,
}

impl<S> FrameGuard<S> {
    /// Watches over `bytes`.
    pub(super) fn new(bytes: S, max_frame_bytes: usize) -> (Self, FaultCell) {
        let fault = FaultCell::default();
        let guard = Self { bytes, headers: HeaderScanner::new(max_frame_bytes), fault: Rc::clone(&fault) };
        (guard, fault)
    }
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Stream for FrameGuard<S> {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.fault.get().is_some() {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.bytes).poll_next(cx).map(|item| {
            let item = match item? {
                Ok(chunk) if self.headers.accepts(&chunk) => return Some(Ok(chunk)),
                Ok(_) => (Fault::TooLarge, PayloadError::Overflow),
                Err(error) => (Fault::Lost, error),
            };
            self.fault.set(Some(item.0));
            Some(Err(item.1))
        })
    }
}

/// Follows the frames in a stream of chunks by their headers (RFC 6455 section 5.2).
struct HeaderScanner {
    max_frame_bytes: u64,
    header: [u8; 14],
    have: usize,
    payload_left: u64,
}

const MASKED: u8 = 0x80;
const LENGTH: u8 = 0x7f;

impl HeaderScanner {
    fn new(max_frame_bytes: usize) -> Self {
        Self { max_frame_bytes: max_frame_bytes as u64, header: [0; 14], have: 0, payload_left: 0 }
    }

    /// False as soon as a header announces too much.
    fn accepts(&mut self, mut chunk: &[u8]) -> bool {
        while !chunk.is_empty() {
            if self.payload_left > 0 {
                let skipped = usize::try_from(self.payload_left).unwrap_or(usize::MAX).min(chunk.len());
                self.payload_left -= skipped as u64;
                chunk = &chunk[skipped..];
                continue;
            }
            self.header[self.have] = chunk[0];
            self.have += 1;
            chunk = &chunk[1..];
            if self.have == self.header_len() {
                self.payload_left = self.length();
                self.have = 0;
                if self.payload_left > self.max_frame_bytes {
                    return false;
                }
            }
        }
        true
    }

    fn header_len(&self) -> usize {
        if self.have < 2 {
            return 2;
        }
        let extended = match self.header[1] & LENGTH {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        2 + extended + if self.header[1] & MASKED != 0 { 4 } else { 0 }
    }

    fn length(&self) -> u64 {
        let big_endian = |bytes: &[u8]| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        match self.header[1] & LENGTH {
            126 => big_endian(&self.header[2..4]),
            127 => big_endian(&self.header[2..10]),
            short => short.into(),
        }
    }
}

/// The fragments of a text message that has not ended yet.
#[derive(Debug, Default)]
pub(super) struct Fragments(BytesMut);

impl Fragments {
    /// Adds a fragment; the message when it was the last one.
    pub(super) fn push(&mut self, item: Item, max_bytes: usize) -> Result<Option<ByteString>, CloseCode> {
        let (bytes, last) = match item {
            Item::FirstText(bytes) | Item::Continue(bytes) => (bytes, false),
            Item::Last(bytes) => (bytes, true),
            Item::FirstBinary(_) => return Err(CloseCode::BadFrame),
        };
        if self.0.len() + bytes.len() > max_bytes {
            return Err(CloseCode::TooLarge);
        }
        self.0.extend_from_slice(&bytes);
        if !last {
            return Ok(None);
        }
        let message = std::mem::take(&mut self.0).freeze();
        ByteString::try_from(message).map(Some).map_err(|_| CloseCode::BadFrame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use futures::StreamExt;
    use proptest::prelude::*;

    fn frame(length: usize) -> Vec<u8> {
        let mut frame = match length {
            0..126 => vec![0x81, MASKED | length as u8],
            126..65_536 => [vec![0x81, MASKED | 126], (length as u16).to_be_bytes().to_vec()].concat(),
            _ => [vec![0x81, MASKED | 127], (length as u64).to_be_bytes().to_vec()].concat(),
        };
        frame.extend([1, 2, 3, 4]);
        frame.resize(frame.len() + length, 0xff);
        frame
    }

    fn announced(length: u64) -> Vec<u8> {
        let mut header = vec![0x81, MASKED | 127];
        header.extend(length.to_be_bytes());
        header.extend([1, 2, 3, 4]);
        header
    }

    #[test]
    fn refuses_by_the_header_alone() {
        assert!(HeaderScanner::new(65_536).accepts(&announced(65_536)));
        assert!(!HeaderScanner::new(65_536).accepts(&announced(65_537)));
        assert!(!HeaderScanner::new(65_536).accepts(&announced(u64::MAX)));
    }

    #[actix_web::test]
    async fn tells_a_large_frame_from_a_lost_connection() {
        let chunks = vec![Ok(Bytes::from(announced(1 << 40))), Ok(Bytes::from_static(b"never read"))];
        let (mut guard, fault) = FrameGuard::new(futures::stream::iter(chunks), 1024);
        assert!(guard.next().await.unwrap().is_err());
        assert_eq!(fault.get(), Some(Fault::TooLarge));
        assert!(guard.next().await.is_none());

        let chunks = vec![Err(PayloadError::Incomplete(None))];
        let (mut guard, fault) = FrameGuard::new(futures::stream::iter(chunks), 1024);
        assert!(guard.next().await.unwrap().is_err());
        assert_eq!(fault.get(), Some(Fault::Lost));
    }

    proptest! {
        #[test]
        fn finds_the_large_frame_however_the_bytes_are_cut(
            lengths in prop::collection::vec(0usize..70_000, 1..6),
            cut in 1usize..5_000,
        ) {
            let bytes: Vec<u8> = lengths.iter().flat_map(|length| frame(*length)).collect();
            let mut scanner = HeaderScanner::new(60_000);
            let accepted = bytes.chunks(cut).all(|chunk| scanner.accepts(chunk));
            prop_assert_eq!(accepted, lengths.iter().all(|length| *length <= 60_000));
        }
    }

    #[test]
    fn puts_fragments_together_within_the_limit() {
        let mut fragments = Fragments::default();
        let part = Bytes::from_static;
        assert_eq!(fragments.push(Item::FirstText(part(b"{\"type\"")), 20), Ok(None));
        assert_eq!(fragments.push(Item::Continue(part(b":\"pi")), 20), Ok(None));
        let whole = fragments.push(Item::Last(part(b"ng\"}")), 20).unwrap().unwrap();
        assert_eq!(whole, "{\"type\":\"ping\"}");

        assert_eq!(fragments.push(Item::FirstText(part(b"0123456789")), 12), Ok(None));
        assert_eq!(fragments.push(Item::Continue(part(b"012")), 12), Err(CloseCode::TooLarge));
        assert_eq!(Fragments::default().push(Item::FirstBinary(part(b"")), 12), Err(CloseCode::BadFrame));
        assert_eq!(Fragments::default().push(Item::Last(part(b"\xff")), 12), Err(CloseCode::BadFrame));
    }
}
