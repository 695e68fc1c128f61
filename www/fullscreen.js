// Where the video leaves the page. In fullscreen alone, by its native button: the overlay's box goes into a
// `<dialog>`, which is a popover above the video, painted but inert, and modal while there is something
// in it to use. In picture-in-picture and in the system's player: the hotspots are put away, and what
// would have been shown is remembered.

// In the order of `Shape` in src/geometry.rs.
const SHAPES = ["point", "rect", "ellipse", "polygon"], RECT = 1, ELLIPSE = 2, POLYGON = 3;
// What a viewer does on a hotspot is not for the native controls beneath it.
const PRESSES = ["pointerdown", "pointerup", "mousedown", "mouseup", "click", "dblclick", "touchstart", "touchend"];
// Firefox keeps presses on a video with native controls to itself, but not moves of the mouse:
// https://searchfox.org/mozilla-central/search?q=HTMLMediaElement::GetEventTargetParent
const KEEPS_PRESSES = "onmozfullscreenchange" in document;
// How far the native controls reach up from the lower edge in fullscreen, in pixels, as measured: in Firefox, WebKit and
// Chromium. Only Firefox has none where the video has no `controls`.
const barOf = (video) => KEEPS_PRESSES ? video.controls * 40 : /^Apple/.test(navigator.vendor) ? 104 : 72;
// The overlays that have the style sheet.
const dressed = new WeakSet();
// Before Chromium 114, Firefox 125 and Safari 17 nothing can be painted above a fullscreen video.
const POPOVERS = "popover" in HTMLElement.prototype;
// Where the video came back from.
const BACK = /^(leave|webkitend)/;

// A sheet is only for the document that it was made in.
const sheetOf = (page, text) => {
  const sheet = new page.defaultView.CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
};

// The overlay above a video that is in fullscreen alone.
class Screen {
  // By the keyboard the viewer went to what is above the video.
  keys = false;
  // Where the mouse is last seen, which control is there, and which one a finger was put on.
  mouse = null;
  pointed = null;
  touched = null;

  constructor(host, topmost) {
    const { video, root, box, stage } = host, page = this.page = video.ownerDocument;
    this.host = host;
    this.topmost = topmost;
    const dialog = this.dialog = page.createElement("dialog");
    dialog.className = "screen";
    dialog.popover = "manual";
    dialog.tabIndex = -1;
    dialog.ariaLabel = stage.ariaLabel;
    host.measure = (...rest) => {
      const { x, y } = host.anchor.getBoundingClientRect();
      dialog.style.cssText = `left:${x}px;top:${y}px;--bar:${barOf(video)}px`;
      Object.getPrototypeOf(host).measure.apply(host, rest);
    };
    // Chromium and Firefox hide what is outside of a fullscreen video from screen readers, live regions too.
    host.say = (text) => {
      Object.getPrototypeOf(host).say.call(host, text);
      if (!dialog.open) video.ariaNotify?.(text);
    };
    this.tree = video.getRootNode();
    this.hand = sheetOf(page, "");
    this.tree.adoptedStyleSheets.push(this.hand);
    root.append(dialog);
    dialog.append(box);
    host.measure();
    this.settle();
    this.watch();
  }

  watch() {
    const { host: { video, box }, dialog, page } = this, { signal } = this.abort = new AbortController();
    const on = (target, types, listener) =>
      types.forEach((type) => target.addEventListener(type, listener, { signal, capture: true, passive: false }));
    on(video, PRESSES, (event) => this.press(event));
    for (const target of [video, dialog]) on(target, ["pointermove", "pointerout"], (event) => this.move(event));
    on(page, ["keydown"], (event) => this.key(event));
    on(dialog, ["cancel"], (event) => {
      event.preventDefault();
      this.dismiss();
    });
    // Beside the card there is the backdrop alone; the controls beneath are out of reach meanwhile.
    on(dialog, ["click"], (event) => event.target == dialog && this.dismiss());
    // A browser may close it without asking.
    on(dialog, ["close"], () => !dialog.open && this.card && this.dismiss());
    // Hotspots come, go and move beneath a mouse that rests.
    on(video, ["timeupdate"], () => this.look());
    this.contents = new MutationObserver(() => this.look());
    this.contents.observe(box, { childList: true, subtree: true });
  }

  // Gives the box back to the page.
  end() {
    const { host, dialog, tree, hand } = this, { root, box } = host;
    this.abort.abort();
    this.contents.disconnect();
    this.point();
    tree.adoptedStyleSheets = tree.adoptedStyleSheets.filter((sheet) => sheet != hand);
    delete host.measure;
    delete host.say;
    const focused = dialog.contains(root.activeElement);
    if (dialog.open) dialog.close();
    dialog.replaceWith(box);
    if (host.abort.signal.aborted) return;
    host.measure();
    if (focused) this.card?.focus({ preventScroll: true });
  }

  // What is open above the hotspots.
  get card() {
    return this.host.box.querySelector("[role=dialog]");
  }

  get controls() {
    return [...this.host.box.querySelectorAll("button:not([hidden])")].filter((control) => !control.closest("[role=dialog]"));
  }

  // The control at a place.
  at({ clientX, clientY }) {
    const { host, page } = this, found = [], rows = [];
    const add = (control, shape, element, corners = []) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      found.push(control);
      rows.push(5 + corners.length, shape, x, y, width, height, ...corners);
    };
    for (const control of this.controls) {
      const index = +control.dataset.arg;
      if (host.spots.get(index) != control) {
        add(control, RECT, control);
        continue;
      }
      const { raw } = host.hotspots[index], shape = SHAPES.indexOf(raw.shape);
      if (shape >= RECT) add(control, shape, control, shape == POLYGON ? raw.points.flat() : []);
      // A region is hit by its dot as well.
      add(control, ELLIPSE, control.querySelector(".dot"));
    }
    return found[this.topmost(new Float64Array(rows), clientX, clientY, page.defaultView.innerHeight - barOf(host.video))];
  }

  // Makes it modal where there is something to use in it, and else lets the video's own controls be used.
  settle() {
    const { dialog, keys, card } = this;
    if (card || keys || this.pointed && KEEPS_PRESSES && this.host.video.controls) {
      if (dialog.open) return;
      const first = card || keys && this.controls[0] || dialog;
      dialog.hidePopover();
      // Else it would go to whatever comes first, and what lost it by that might close.
      first.autofocus = true;
      dialog.showModal();
      first.autofocus = false;
      first.focus({ preventScroll: true });
    } else {
      // The focus goes back to where it was: the video.
      if (dialog.open) dialog.close();
      if (!dialog.matches(":popover-open")) dialog.showPopover();
    }
  }

  point(control) {
    if (control == this.pointed) return;
    this.pointed?.classList.remove("over");
    control?.classList.add("over");
    this.hand.replaceSync(control ? ":fullscreen{cursor:pointer!important}" : "");
    this.pointed = control;
  }

  look() {
    this.point(this.mouse ? this.at(this.mouse) : null);
    this.settle();
  }

  move(event) {
    const { type, pointerType, relatedTarget, currentTarget } = event, gone = type == "pointerout";
    // Not from the video to what lies above it.
    if (pointerType == "touch" || gone && (relatedTarget || this.dialog.open && currentTarget != this.dialog)) return;
    this.mouse = gone ? null : event;
    if (!gone && !this.at(event)) this.keys = false;
    this.look();
  }

  press(event) {
    const touch = event.changedTouches?.[0], control = event.button ? null : this.at(touch || event);
    if (event.type == "touchstart") this.touched = event.touches.length > 1 ? null : control;
    if (!control || event.type == "touchend" && control != this.touched) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type != "click" && event.type != "touchend") return;
    // Not `click()`, which would be nowhere: where a viewer presses is told.
    const { clientX, clientY } = touch || event;
    control.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, cancelable: true, detail: 1, clientX, clientY }));
  }

  key(event) {
    const { key, code, ctrlKey, altKey, metaKey, repeat } = event, { dialog } = this, focused = this.host.root.activeElement;
    // The card first. A browser that leaves fullscreen by Escape does so before a page hears of it.
    if (key == "Escape" && dialog.open && this.card) return event.preventDefault();
    if (ctrlKey || altKey || metaKey || repeat || focused?.matches("input")) return;
    // P as in products: what is above a fullscreen video is not in the tab order.
    const asks = (/^p$/i.test(key) || code == "KeyP") && (this.keys || this.controls.length > 0);
    // WebKit gives keys to the video in fullscreen, whatever has the focus; Tab moves it all the same.
    const strayed = (key == "Enter" || key == " ") && dialog.open && event.composedPath()[0] == this.host.video
      && focused?.matches("button, a");
    if (!asks && !strayed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (strayed) return focused.click();
    this.keys = !this.keys;
    this.settle();
  }

  dismiss() {
    this.keys = false;
    this.mouse = null;
    this.card?.querySelector("[part=close]").click();
    this.look();
  }
}

// Puts the hotspots away, and remembers which there are, until what this returns is called.
const leave = (host) => {
  const { stage } = host, base = () => Object.getPrototypeOf(host);
  const missed = host.missed = new Set(host.spots.keys());
  // What is not rendered is not seen either: nothing counts as an exposure meanwhile.
  stage.hidden = true;
  host.show = (index, before) => {
    missed.add(index);
    base().show.call(host, index, before);
  };
  // The indices of another hotspot file.
  host.adopt = (...file) => {
    missed.clear();
    base().adopt.apply(host, file);
  };
  return () => {
    delete host.show;
    delete host.adopt;
    stage.hidden = false;
    if (missed.size) host.openList?.([...missed].sort((a, b) => a - b));
  };
};

// From what the video did just now on.
export default (host, css, topmost, type) => {
  const { video, abort: { signal } } = host, page = video.ownerDocument;
  let screen, back;
  const change = ({ type }) => {
    const alone = video.matches(":fullscreen");
    if (type == "fullscreenchange") {
      if (alone && POPOVERS) screen ||= new Screen(host, topmost);
      else screen = screen?.end();
    } else if (BACK.test(type)) {
      back = back?.();
    } else if (!alone) {
      back ||= leave(host);
    }
  };
  if (!dressed.has(host)) host.root.adoptedStyleSheets.push(sheetOf(page, css));
  dressed.add(host);
  page.addEventListener("fullscreenchange", change, { signal });
  for (const type of ["enterpictureinpicture", "leavepictureinpicture", "webkitbeginfullscreen", "webkitendfullscreen"]) {
    video.addEventListener(type, change, { signal });
  }
  signal.addEventListener("abort", () => screen?.end());
  change({ type });
};
