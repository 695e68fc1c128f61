//! The overlay in Chromium, Firefox and WebKit. Each module is a test file with one browser per
//! engine; all are one program, which links once.

mod above;
mod away;
mod card;
mod clicking;
mod complete;
mod element;
mod ending;
mod everyone;
mod experiments;
mod fullscreen;
mod ground;
mod intents;
mod keyboard;
mod languages;
mod links;
mod list;
mod look;
mod minicart;
mod moving;
mod orders;
mod ownership;
mod pages;
mod places;
mod replaced;
mod screen;
mod shapes;
mod sizes;
mod strict;
mod timing;
mod trouble;
mod watching;
mod windows;
