// What the host is made of: drawing, ids, and values as text.

export const ENGLISH = { add_to_cart: "Add to cart", added: "Added", added_aloud: "Added to your cart", adding: "Adding…",
  buy_now: "Buy now", cart_failed: "That did not work. Please try again.",
  cart_missing: "This page has no cart connected. See the product page.", close: "Close",
  overlay: "Products in this video", price_before: "instead of", price_now: "now", products: "Products",
  sold_out: "Sold out", variants: "Options", view_product: "View product" };

const SVG = "http://www.w3.org/2000/svg";

export const pixels = (text) => parseFloat(text) || 0;
export const round = (number) => Math.round(number * 1e3) / 1e3;
export const fire = (target, name, detail) =>
  target.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, cancelable: true, detail }));

// A text of a hotspot file; a blank one counts as absent.
export const said = (text) => typeof text == "string" && text.trim() || undefined;

// Whether a page can go there: `javascript:` is no place to pay.
export const isWeb = (address) => {
  try {
    return typeof address == "string" && /^https?:/.test(new URL(address, document.baseURI).href);
  } catch {
    return false;
  }
};

// Elements are `[tag, attributes, ...children]`; children that are false or empty are left out.
export const icon = (d) => ["svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": true }, ["path", { d }]];
export const button = (kind, act, attributes, ...children) =>
  ["button", { class: kind, type: "button", "data-act": act, ...attributes }, ...children];
export const aloud = (text) => ["span", { class: "sr" }, text + " "];

// Makes `parent`'s children equal these, and keeps the elements that already fit, so that the focus
// stays where it is.
export const patch = (parent, children) => {
  let node = parent.firstChild;
  for (const child of children) {
    if (!child && child !== 0) continue;
    const isText = !Array.isArray(child), [tag, attributes, ...inner] = isText ? [] : child;
    if (!node || (isText ? node.nodeType != 3 : node.localName != tag)) {
      const fresh = isText ? new Text()
        : tag == "svg" || parent.namespaceURI == SVG ? document.createElementNS(SVG, tag)
        : document.createElement(tag);
      node ? node.replaceWith(fresh) : parent.append(fresh);
      node = fresh;
    }
    if (isText) {
      if (node.data != child) node.data = child;
    } else {
      const wanted = Object.entries(attributes).filter(([, value]) => value != null && value !== false);
      for (const { name } of [...node.attributes]) {
        if (!wanted.some((attribute) => attribute[0] == name)) node.removeAttribute(name);
      }
      for (const [name, value] of wanted) {
        // A strict page refuses styles in markup, not through the CSSOM.
        if (name == "style") node.style.cssText = value;
        else if (node.getAttribute(name) != value) node.setAttribute(name, value);
      }
      patch(node, inner);
    }
    node = node.nextSibling;
  }
  while (node) {
    const next = node.nextSibling;
    node.remove();
    node = next;
  }
};

// UUID version 7 (RFC 9562).
export const uuid = (time) => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 5; i >= 0; i--, time = Math.floor(time / 256)) bytes[i] = time % 256;
  bytes[6] = bytes[6] & 15 | 112;
  bytes[8] = bytes[8] & 63 | 128;
  return Array.from(bytes, (byte, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + (byte + 256).toString(16).slice(1)).join("");
};

// Problems of a hotspot file, or one message: src/web/mod.rs says in which form.
export const problems = (text) => {
  const list = text.split("\x02").filter((entry) => entry.includes("\x01")).map((entry) => {
    const [message, severity, path, found, allowed] = entry.split("\x01");
    return { message, severity, path, found, allowed };
  });
  const more = list.length - 1;
  const message = (list[0]?.message || text) + (more > 0 ? ` And ${more} more: listen to vitrine:error for all.` : "");
  return { message, problems: list };
};

// A value as a message shows it.
export const json = (value) => JSON.stringify(value) || "nothing";
