//! Says which style sheet is compiled into the overlay: the source's own, or a minified one.

fn main() {
    println!("cargo::rerun-if-env-changed=VITRINE_CSS");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/www/overlay.css");
    let css = std::env::var("VITRINE_CSS").unwrap_or_else(|_| source.into());
    println!("cargo::rerun-if-changed={css}");
    println!("cargo::rustc-env=VITRINE_CSS={css}");
}
