//! The walk through a hotspot file: its objects, lists and maps.

use super::check;
use super::ids::{Ids, sort};
use super::model::{Action, Config, Hotspot, Segment, Variant};
use super::node::Node;
use super::problem::{Problem, Severity, push_number};
use super::row::Row;
use super::table;
use crate::cart::Money;
use crate::geometry::Shape;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem::replace;

/// What came of a hotspot file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// Everything that is right; `None` if the file is no object, its `version` is missing or is
    /// not 1, or the video's id is missing.
    pub config: Option<Config>,
    /// Everything that is wrong, in the order of the file.
    pub problems: Vec<Problem>,
}

/// Items of a list, names of a map, and problems that are listed.
pub(super) const MOST: usize = 10_000;
/// How many "did you mean" comparisons a file may cost.
const GUESSES: usize = 20_000;

/// Where the decoder is, and what it made of the file so far.
pub(super) struct Decoder<'a, const SAY: bool> {
    pub config: &'a mut Config,
    pub problems: &'a mut Vec<Problem>,
    pub path: String,
    /// Whether what is being read has an error, so that it must be left out.
    pub bad: bool,
    /// Whether anything was noted.
    pub flawed: bool,
    /// Whether an item of the list that was read last had one.
    pub wrong: bool,
    pub guesses: usize,
    pub ids: Ids,
    /// Counts the lists; an id is unique in its own.
    pub lists: usize,
    pub scope: usize,
    /// The price of the product that is being read.
    pub regular: Option<Money>,
    pub variants: Vec<Variant>,
    /// The hotspot that is being read: its times, keyframes, products and action.
    pub hotspot: Hotspot,
    /// Which shape it has.
    pub shape: i32,
    /// Whether the products are named by where they come from.
    pub elsewhere: bool,
    /// Whether the video has an id.
    pub named: bool,
    /// When the segment that was read last starts and ends.
    pub span: (f64, f64),
    /// When the keyframe before was.
    pub last: f64,
}

/// Decodes a hotspot file. What is wrong is left out and said; what is right is kept.
pub fn decode<N: Node>(root: &N) -> Decoded {
    let mut problems = Vec::new();
    let (config, _) = walk::<true, N>(root, &mut problems);
    Decoded { config, problems }
}

/// Decodes a hotspot file as [`decode`] does, without a word about what is wrong: only whether
/// anything is. The words weigh 2.4 KiB, which pages load where they have a use for them.
pub fn skim<N: Node>(root: &N) -> (Option<Config>, bool) {
    walk::<false, N>(root, &mut Vec::new())
}

fn walk<const SAY: bool, N: Node>(root: &N, problems: &mut Vec<Problem>) -> (Option<Config>, bool) {
    let mut config = Config::default();
    let mut decoder = Decoder::<SAY> {
        config: &mut config,
        problems,
        path: String::new(),
        bad: false,
        flawed: false,
        lists: 0,
        wrong: false,
        guesses: GUESSES,
        ids: Ids::default(),
        scope: 0,
        regular: None,
        variants: Vec::new(),
        hotspot: Hotspot::default(),
        shape: 0,
        elsewhere: false,
        named: false,
        span: (0.0, 0.0),
        last: 0.0,
    };
    let whole = decoder.file(root);
    let flawed = decoder.flawed;
    sort(&mut config.hotspots);
    (whole.then_some(config), flawed)
}

impl<const SAY: bool> Decoder<'_, SAY> {
    /// Reads the file, and says whether it can be used.
    fn file<N: Node>(&mut self, root: &N) -> bool {
        let child = root.get("version");
        let version = child.as_ref().and_then(Node::number);
        if version.is_some_and(|version| version > 1.0) {
            // Of such a file nothing else can be said.
            self.enter("version");
            let allowed = "a newer Vitrine: this one reads version 1";
            self.refuse(child.as_ref(), allowed);
            return false;
        }
        self.object(root, b'0', 0);
        version == Some(1.0) && self.named
    }

    /// Reads an object: warns of unknown fields, reads the known ones and builds what they say.
    #[inline(never)]
    pub fn object<N: Node>(&mut self, node: &N, kind: u8, source: usize) {
        let Some(keys) = node.keys() else {
            return self.refuse(Some(node), "an object, in braces: { }");
        };
        let mut fields = table::names::<SAY>(kind);
        for key in &keys {
            let own = matches!(key.as_bytes(), [b'$', ..] | [b'x', b'_' | b'-', ..]);
            // What an action has, and what the complete card shows of products, is looked at where it is used.
            let later = !SAY && matches!(kind, b'5' | b'P' | b'V');
            if !own && !later && table::position(fields, key).is_none() {
                let mark = self.enter(key);
                self.note(Severity::Warning, |decoder| {
                    decoder.suggest(String::from("an unknown field"), key, kind)
                });
                self.leave(mark);
            }
        }
        let mut row = Row::default();
        while !fields.is_empty() {
            let field = table::cut(&mut fields, b' ');
            let (bad, more) = (self.bad, SAY && table::is_more(kind, row.length()));
            self.field(node, field, field.get(2..).unwrap_or_default(), &mut row);
            if more {
                self.bad = bad;
            }
            row.next();
        }
        if SAY && kind == b'P' {
            self.compare_options(node);
        }
        self.build(kind, source, &row);
    }

    /// Reads a list, with what was read of its object before it.
    pub fn list<N: Node>(&mut self, node: &N, kind: u8, row: &mut Row) -> bool {
        let Some(length) = node.length() else {
            return false;
        };
        let (mut least, mut most) = (0, MOST);
        // What is wrong with a keyframe or a corner is wrong with the hotspot.
        let mut apart = true;
        match kind {
            b'V' => self.regular = row.price(5),
            b'P' => self.ids.products_scope = self.lists + 1,
            b'R' => least = usize::from(self.needs_product()),
            b'L' => (least, most) = (1, 8),
            b'O' | b'U' if SAY => most = 10,
            b'N' if SAY => (least, most) = (1, 1_000),
            b'C' => {
                (least, apart) = (3, false);
                if row.before() == 3.0 {
                    self.hotspot.shape = Shape::Polygon(Vec::new());
                }
            }
            b'K' => {
                (least, apart) = (1, false);
                (self.hotspot.start, self.hotspot.end) = (row.number(2), row.number(3));
                self.shape = row.number(4) as i32;
                match self.shape {
                    1 => self.hotspot.shape = Shape::Rect,
                    2 => self.hotspot.shape = Shape::Ellipse,
                    _ => {}
                }
                self.last = -1.0;
            }
            _ => {}
        }
        if SAY && kind == b'Q' {
            (least, most, apart) = (2, 6, false);
        }
        if length < least || length > most {
            self.note(Severity::Error, |_| {
                let mut found = String::from("a list of ");
                push_number(&mut found, length);
                (found, String::from(table::words(kind)), None)
            });
        }
        let bad = self.bad;
        self.wrong = false;
        self.lists += 1;
        let scope = replace(&mut self.scope, self.lists);
        let mut index = 0;
        while index < length.min(most) {
            let Some(item) = node.item(index) else { break };
            let mark = self.enter_item(index);
            let entry = self.ids.entries.len();
            self.bad &= !apart;
            match kind {
                b'C' => self.corner(&item),
                b'R' => self.reference(&item),
                b'U' if SAY => self.entry(&item, b'u'),
                b'N' if SAY && item.text().is_some() => self.entry(&item, b't'),
                _ => self.object(&item, kind, index),
            }
            if kind == b'S' {
                // One for each, so that its place is that in the file.
                let (start, end) = if self.bad {
                    (f64::NAN, f64::NAN)
                } else {
                    self.span
                };
                self.config.video.segments.push(Segment { start, end });
            }
            self.wrong |= self.bad;
            // The first id in a product is its own.
            if kind == b'P'
                && !self.bad
                && let Some(entry) = self.ids.entries.get_mut(entry)
            {
                entry.place = self.config.products.len().wrapping_sub(1);
            }
            self.leave(mark);
            index += 1;
        }
        if apart {
            self.bad = bad;
        }
        self.scope = scope;
        match kind {
            b'V' => self.regular = None,
            b'R' => {
                // A card shows what is left; any other action means the first product.
                let card = matches!(self.hotspot.action, Action::Card);
                let lost = self.hotspot.products.is_empty() || !card;
                self.bad |= self.wrong && lost;
                if SAY && self.elsewhere {
                    self.hotspot.products.clear();
                }
            }
            _ => {}
        }
        row.cell.number = length as f64;
        true
    }

    /// Free names with texts; of a theme, names and values that a style can take.
    pub fn map<N: Node>(&mut self, node: &N, kind: u8) -> bool {
        let Some(names) = node.keys() else {
            return false;
        };
        let theme = kind == b'T';
        let mut row = Row::default();
        for name in &names {
            if theme && !check::is_css_name(name) {
                let mark = self.enter(name);
                self.note(Severity::Error, |_| {
                    let allowed = String::from("a name of the letters a to z and -");
                    (String::from("such a name"), allowed, None)
                });
                self.leave(mark);
                continue;
            }
            self.field(node, if theme { "y:" } else { "t:" }, name, &mut row);
            if theme && row.cell.number == 1.0 {
                self.config.theme.push_str(name);
                self.config.theme.push(' ');
            }
        }
        names.len() <= MOST
    }
}
