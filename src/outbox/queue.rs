//! Where events are kept until they have arrived.

/// An event that has not yet arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The event's own id, which no retry changes.
    pub id: u128,
    /// Its final text.
    pub json: String,
    /// When it was pushed, in milliseconds.
    pub since: f64,
    /// The request that carries it now.
    pub request: Option<u32>,
    /// Whether the collector refused it when it was sent alone.
    pub refused: bool,
}

/// Keeps events, oldest first, until they have arrived.
pub trait Queue {
    /// Appends an event.
    fn push(&mut self, event: Event);
    /// All events, oldest first.
    fn events(&self) -> &[Event];
    /// All events, for marking what a request carries.
    fn events_mut(&mut self) -> &mut [Event];
    /// Forgets the events with these ids, wherever they are by now.
    fn remove(&mut self, ids: &[u128]);
    /// Forgets all events.
    fn clear(&mut self);
}

/// A queue that lasts as long as the page.
#[derive(Clone, Debug, Default)]
pub struct Memory(Vec<Event>);

impl Queue for Memory {
    fn push(&mut self, event: Event) {
        self.0.push(event);
    }

    fn events(&self) -> &[Event] {
        &self.0
    }

    fn events_mut(&mut self) -> &mut [Event] {
        &mut self.0
    }

    fn remove(&mut self, ids: &[u128]) {
        let mut left = ids.len();
        self.0.retain(|event| {
            let gone = left > 0 && ids.contains(&event.id);
            left -= usize::from(gone);
            !gone
        });
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}
