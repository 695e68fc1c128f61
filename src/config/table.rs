//! What may be in a hotspot file: the table that the decoder walks.
//!
//! It is text, because a list of `&str` costs eight bytes of module for each of them. A line starts
//! with the letters of the kinds that it is about.

/// The fields of the objects, in the order in which they are read, and the words of the enumerations.
///
/// Before a field stand its kind and `!` if it must be there, `:` if not, `?` if that depends on
/// what was read before it (see `Decoder::is_needed`). The kinds:
///
/// - a digit: an object; a capital: a list, of objects but for `R` (ids of products) and `C`
///   (corners); `A`, `B` and `M`: an object of texts, `T`: of styles
/// - `i` a unique id, `t` a text, `u` a link, `m` a price, `s` a sale
///   price that follows its price, `l` a language tag, `y` a style
/// - `@` a time, `>` one after the time before it, `+` one of a keyframe, `%` percent, `#` a size
///   in percent, `b` a boolean, `v` the version
/// - `z` what is checked once it takes the place of the file's own: of the variant that a viewer has
/// - `j` any value
/// - `k`, `e`, `g` a text that a coupon, a lead or a poll must have; `h` a link that a lead must have
/// - the others: a word of their line
const NAMES: &str = "\
K +!time %!x %!y #?w #?h
5 d!type @?time u:url
H i!id t:label @!start >!end o:shape C?points w:interpolation K!keyframes 5:action b:pause R?products
V i!id M:options m:price s:sale_price u:image_link a:availability t:platform_id
P i!id t!title t:description u:link u:image_link m:price s:sale_price a:availability t:brand \
t:item_group_id t:platform_id V:variants
S i!id t:title @!start >!end t:host
0 v!version 1!video P:products H!hotspots 2:cart 3:collector L:collectors 4:experiment A:campaign \
l:locale B:strings T:theme
1 t!id t:title @:duration S:segments
3L f:format u?url M:headers M:query M:body
4 t!id E:variants t?variant @:start
E i!id %:weight z:video z:products z:hotspots z:theme
a in_stock out_of_stock preorder backorder
d card link add_to_cart seek coupon lead poll
f json ndjson cloudevents segment rudderstack snowplow posthog dataLayer
o point rect ellipse polygon
w linear step catmull-rom
";

/// The same of what the core has no use for: where nothing is said, it is not read at all. Of the cart, `www/cart/fits.js`
/// asks for the words; of coupons, leads and polls, `www/actions/fits.js`; of what only the complete card shows of products (after what
/// `NAMES` has of them), `www/card-fits.js`. Of products by reference, `www/products.mjs` puts a list in their place.
const LATER: &str = "\
P i!id t!title t:description u:link u:image_link m:price s:sale_price a:availability t:brand \
t:item_group_id t:platform_id V:variants O:options U:additional_image_link t:badge 8:rating 9:quantity t:availability_date t:availability_note u:from
V i!id M:options m:price s:sale_price u:image_link a:availability t:platform_id U:additional_image_link 9:quantity t:availability_date t:availability_note
O t!name t:label N!values
N t!value t:label t:swatch u:image_link
8 n!value n:count p:best
9 p:min p:max p:step
5 d!type @?time h?url t:title t:text k?code e?consent u:consent_url g?question r:kind Q?answers t:thanks
Q i!id t!title
r choice satisfaction recommendation
X u!from
2 c:platform 6?add 6:read 6:remove u:url u:checkout M:headers t:token t:sections b:wishlist b:mini_cart 6:update
6 u!url t:method M:headers j:body t:token_header 7:answer
7 t:success t:message t:code t:quantity t:count t:lines t:line_id t:line_product t:line_quantity
c page shopify woocommerce http bigcommerce magento
";

/// What the others may be, in words.
const WORDS: &str = "\
0123456789 an object, in braces: { }
P a list of at most 10,000 objects, or where they come from: { \"from\": \"json-ld\" }
SVHE a list of at most 10,000 objects
K a list of 1 to 10,000 objects
L a list of 1 to 8 objects
Q a list of 2 to 6 objects
C a list of 3 to 10,000 corners [x, y]
R a list of 1 to 10,000 ids (seek, coupon, lead, poll, and link with a url, need none)
ABMT an object of up to 10,000 texts: { \"name\": \"text\" }
itkeg a text of up to 5,000 characters
uh an http, https or relative address without \\
ms an amount and its currency, like \"129.00 EUR\"
l a language tag like \"en\" or \"en-GB\"
y a CSS value without ; { } < > \\ and url()
@>+ seconds from 0, or a text like \"01:05.250\"
%# a number from 0 to 100 (percent)
O a list of at most 10 objects
N a list of 1 to 1,000 texts or objects
U a list of at most 10 addresses
n a number from 0
p a whole number from 1
b true or false, without quotes
v 1, the version of this format
";

/// The fields of an object or the words of an enumeration.
pub(super) fn names<const SAY: bool>(kind: u8) -> &'static str {
    if SAY {
        let later = line(LATER, kind);
        if !later.is_empty() {
            return later;
        }
    }
    line(NAMES, kind)
}

/// Whether a field, by its place, is one that the core does not read: what is wrong with it leaves out nothing else.
pub(super) fn is_more(kind: u8, place: usize) -> bool {
    matches!((kind, place), (b'P', 12..) | (b'V', 7..))
}

/// Whether a value of the (small) kind is one of the words of its line.
pub(super) fn is_word<const SAY: bool>(kind: u8) -> bool {
    matches!(kind, b'a' | b'c' | b'd' | b'f' | b'o' | b'w') || SAY && kind == b'r'
}

/// What a value of the kind may be; empty for an enumeration.
pub(super) fn words(kind: u8) -> &'static str {
    line(WORDS, kind)
}

#[inline(never)]
fn line(mut table: &'static str, kind: u8) -> &'static str {
    while !table.is_empty() {
        let mut line = cut(&mut table, b'\n');
        if cut(&mut line, b' ').bytes().any(|byte| byte == kind) {
            return line;
        }
    }
    ""
}

/// Takes what is before the first `end` off the text.
#[inline(never)]
pub(super) fn cut(text: &mut &'static str, end: u8) -> &'static str {
    let mut length = 0;
    for byte in text.bytes() {
        if byte == end {
            break;
        }
        length += 1;
    }
    let part = text.get(..length).unwrap_or_default();
    *text = text.get(length + 1..).unwrap_or_default();
    part
}

/// The next name of a line, without what stands before a field.
pub(super) fn next_name(names: &mut &'static str) -> &'static str {
    let word = cut(names, b' ');
    match word.as_bytes() {
        [_, b'!' | b':' | b'?', ..] => word.get(2..).unwrap_or_default(),
        _ => word,
    }
}

/// Which name of a line `name` is.
#[inline(never)]
pub(super) fn position(mut names: &'static str, name: &str) -> Option<usize> {
    let mut index = 0;
    while !names.is_empty() {
        if next_name(&mut names) == name {
            return Some(index);
        }
        index += 1;
    }
    None
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_begins_with_what_is_read() {
        for kind in [b'P', b'V'] {
            let (core, said) = (names::<false>(kind), names::<true>(kind));
            let length = core.split(' ').count();
            assert!(said.starts_with(&format!("{core} ")));
            assert!(is_more(kind, length) && !is_more(kind, length - 1));
        }
    }
}
