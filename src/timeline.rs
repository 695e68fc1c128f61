//! Which hotspots are on screen at a time.
