//! Tests of the feeds over the real recordings, and properties over any input.
