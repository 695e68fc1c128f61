//! Idle connections to wasm-bindgen's test server, so that no browser has to wait for it.
//!
//! Its server gives a connection to a waiting thread of its pool, and makes a new thread only where none
//! waits. Six connections at once, as browsers open them, are counted against four waiting threads that are
//! already spoken for: two connections then wait until another is closed, which Firefox does after 115
//! seconds and Chromium never. While our own connections keep those four threads busy, each of the browser's
//! gets a thread of its own.

use anyhow::Result;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::Duration;

/// More than the server's pool has threads at first.
const CONNECTIONS: usize = 8;

/// How long to wait before the server is looked for again.
const PAUSE: Duration = Duration::from_millis(20);

/// The connections, and the address that they are made to; closed when dropped.
#[must_use]
pub struct Guests {
    /// Where the server is to listen.
    pub address: SocketAddr,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Guests {
    /// Picks a free port, and connects as soon as a server listens there.
    ///
    /// # Errors
    ///
    /// When no port is free.
    pub fn invite() -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let over = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&over);
        let thread = spawn(move || {
            let mut open = Vec::new();
            while !told.load(Ordering::Relaxed) {
                // One server follows the other where there are several test files.
                open.retain(is_open);
                if open.len() < CONNECTIONS
                    && let Ok(stream) = TcpStream::connect(address)
                    && stream.set_nonblocking(true).is_ok()
                {
                    open.push(stream);
                }
                sleep(PAUSE);
            }
        });
        Ok(Self {
            address,
            over,
            thread: Some(thread),
        })
    }
}

impl Drop for Guests {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It can only have panicked, and has said so.
            drop(thread.join());
        }
    }
}

/// A connection at whose other end somebody still listens; the server never speaks first.
fn is_open(stream: &TcpStream) -> bool {
    stream
        .peek(&mut [0])
        .is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_made_to_each_server_and_closed() {
        let guests = Guests::invite().unwrap();
        for _ in 0..2 {
            let server = TcpListener::bind(guests.address).unwrap();
            let streams: Vec<_> = (0..CONNECTIONS).map(|_| server.accept().unwrap()).collect();
            assert!(streams.iter().all(|(stream, _)| {
                stream.set_nonblocking(true).unwrap();
                is_open(stream)
            }));
        }
        let server = TcpListener::bind(guests.address).unwrap();
        let (stream, _) = server.accept().unwrap();
        drop(guests);
        assert_eq!(stream.peek(&mut [0]).unwrap(), 0);
    }
}
