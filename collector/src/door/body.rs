//! A request's body, within bounds: of its own bytes, of all bodies that are under way, and of time.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use flate2::read::MultiGzDecoder;
use http_body_util::BodyExt;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

/// All bytes that are under way.
#[derive(Debug, Clone, Default)]
pub struct Scale {
    used: Arc<AtomicUsize>,
    most: usize,
}

/// A share of them, given back when it is dropped.
#[derive(Debug, Default)]
pub struct Weight {
    scale: Scale,
    bytes: usize,
}

impl Scale {
    /// For so many bytes.
    pub fn new(most: usize) -> Self {
        Self {
            used: Arc::default(),
            most,
        }
    }

    fn weight(&self) -> Weight {
        Weight {
            scale: self.clone(),
            bytes: 0,
        }
    }
}

impl Weight {
    fn add(&mut self, bytes: usize) -> Result<(), Unread> {
        let before = self.scale.used.fetch_add(bytes, Relaxed);
        self.bytes += bytes;
        if before + bytes > self.scale.most {
            return Err(Unread::Busy);
        }
        Ok(())
    }
}

impl Drop for Weight {
    fn drop(&mut self) {
        self.scale.used.fetch_sub(self.bytes, Relaxed);
    }
}

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It is larger than allowed.
    Large,
    /// It took too long.
    Slow,
    /// It broke off.
    Broken,
    /// What is under way is too much.
    Busy,
    /// It is not gzip.
    Packed,
}

/// Reads a body to its end.
pub async fn read(
    mut body: Body,
    most: usize,
    longest: Duration,
    scale: &Scale,
) -> Result<(Bytes, Weight), Unread> {
    let reading = async {
        let mut weight = scale.weight();
        let mut first = Bytes::new();
        let mut whole = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else {
                continue;
            };
            weight.add(data.len())?;
            if first.len().max(whole.len()) + data.len() > most {
                return Err(Unread::Large);
            }
            // Most bodies come in one piece, which needs no copy.
            if first.is_empty() && whole.is_empty() {
                first = data;
                continue;
            }
            if whole.is_empty() {
                whole.extend_from_slice(&std::mem::take(&mut first));
            }
            whole.extend_from_slice(&data);
        }
        let bytes = if whole.is_empty() {
            first
        } else {
            whole.freeze()
        };
        Ok((bytes, weight))
    };
    tokio::time::timeout(longest, reading)
        .await
        .unwrap_or(Err(Unread::Slow))
}

/// Unpacks a body; a small one that becomes huge is stopped on the way.
pub fn gunzip(packed: &[u8], most: usize, weight: &mut Weight) -> Result<Bytes, Unread> {
    let limit = most as u64 + 1;
    let mut whole = Vec::with_capacity(packed.len().saturating_mul(4).min(most));
    MultiGzDecoder::new(packed)
        .take(limit)
        .read_to_end(&mut whole)
        .map_err(|_| Unread::Packed)?;
    if whole.len() > most {
        return Err(Unread::Large);
    }
    weight.add(whole.len())?;
    Ok(whole.into())
}
