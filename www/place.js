// Where the overlay is, in full: it goes where its video goes, turns with it, and keeps off the
// player's control bar. The core measures what the first hotspot needs.

const SIDES = ["Left", "Top", "Right", "Bottom"];
// What moves a video without an event: a class, a style, another place.
const WATCHED = { childList: true, attributes: true };
// The control bars of video.js, Plyr, media-chrome, Vidstack and Shaka.
const BARS = ".vjs-control-bar,.plyr__controls,media-control-bar,.vds-controls-group:nth-last-child(2),.shaka-bottom-controls";
// Vidstack has a second bar at the upper edge of small players.
const ROOFS = ".vds-controls-group:first-child";
// WebKit's own controls have the button for fullscreen there.
const ROOF = /^Apple/.test(navigator.vendor) ? 44 : 0;
// What Plyr and Shaka lay over the whole picture, and beneath all of their controls.
const SHEETS = ".plyr__poster,.shaka-scrim-container";

export default (Host, { FITS, LAYOUT, LEAVE, offsets, pixels }) => class extends Host {
  watch() {
    super.watch();
    this.settle();
  }

  // Follows the video that is watched.
  settle() {
    const { video } = this, { signal } = this.abort;
    // A hover zoom has begun: it is followed until it stands still.
    const follow = () => {
      if (signal.aborted) return;
      this.measure();
      if (video.getAnimations().length) requestAnimationFrame(follow);
    };
    for (const type of ["transitionrun", "animationstart"]) video.addEventListener(type, follow, { signal, passive: true });
    this.homes = new MutationObserver((records) => this.measure(records));
    this.home = null;
    this.measure();
  }

  unwatch() {
    super.unwatch();
    this.homes?.disconnect();
    this.homes = null;
  }

  // The overlay goes where its video is put, and off the page with it. A video of the same id that
  // is put in its place, as players do, is the one from then on.
  seat(records) {
    const { video, anchor, homes } = this, home = video.parentNode;
    for (const { target, addedNodes } of home ? [] : records) {
      for (const fresh of addedNodes) {
        if (target == this.home && fresh.parentNode && fresh.localName == "video" && fresh.id == video.id && this.options.take(video, fresh)) {
          this.dispatch(LEAVE, 0, 0);
          this.unwatch();
          this.video = fresh;
          return this.watch();
        }
      }
    }
    const beneath = home?.querySelector(SHEETS) || video;
    // An open card lies above their big buttons, too.
    anchor.style.zIndex = beneath == video ? "" : this.layer.firstChild ? 3 : getComputedStyle(beneath).zIndex;
    if (this.home && anchor.parentNode == (home && beneath.parentNode)) return;
    homes.disconnect();
    if (home) {
      this.home = home;
      if (anchor.previousSibling != beneath) beneath.after(anchor);
      // Not its style, which measuring changes.
      homes.observe(this.layer, { childList: true });
      homes.observe(video, WATCHED);
      homes.observe(home, WATCHED);
      if (anchor.parentElement) this.sizes.observe(home);
    } else {
      anchor.remove();
      homes.observe((this.home || video.ownerDocument).getRootNode(), { childList: true, subtree: true });
    }
  }

  measure(records = []) {
    if (this.homes) this.seat(records);
    const home = this.video.parentNode;
    if (!home) return;
    const { video, anchor, stage } = this, style = getComputedStyle(video), safe = getComputedStyle(this.box);
    const bar = home.querySelector(BARS) || home.parentNode?.querySelector(BARS);
    const rect = (element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x, y, width, height];
    };
    const inset = SIDES.map((side) => pixels(style[`border${side}Width`]) + pixels(style["padding" + side]));
    const [x, y] = style.transformOrigin.split(" ");
    // The video's own transform is the stage's too; what is written there stays readable.
    const turn = `transform:${style.transform};scale:${style.scale};rotate:${style.rotate};translate:${style.translate};transform-origin:calc(${x} - ${inset[0]}px) calc(${y} - ${inset[1]}px)${/[xd]\(-|;-/.test(style.transform + ";" + style.scale) ? ";--flip:-1" : ""}`;
    if (turn != this.turn) stage.style.cssText = this.turn = turn;
    // Percentages in `min()` and its like are of what the picture leaves free; Rust knows how much that is.
    const { free } = this, { objectPosition } = style, odd = free && /[nxp]\(/.test(objectPosition);
    const solve = (side, free) => {
      this.layer.style.scrollMargin = objectPosition.replace(/[-\d.e]+%/g, (share) => parseFloat(share) * free / 100 + "px");
      return getComputedStyle(this.layer)["scrollMargin" + side];
    };
    const kept = SIDES.map((side) => pixels(safe["scrollMargin" + side]));
    if (kept[1] < 0) kept[1] = home.parentNode?.querySelector(ROOFS)?.offsetHeight ?? video.controls * ROOF;
    const beside = video.offsetParent == anchor.offsetParent || NaN;
    this.dispatch(LAYOUT, 0, 0, [...rect(video), video.offsetWidth, video.offsetHeight, ...inset,
      ...rect(anchor).slice(0, 2), video.videoWidth, video.videoHeight, FITS.indexOf(style.objectFit),
      ...offsets(odd ? solve("Top", free[0]) + " " + solve("Left", free[1]) : objectPosition), beside * (video.offsetLeft - anchor.offsetLeft),
      beside * (video.offsetTop - anchor.offsetTop), ...kept,
      ...(bar ? rect(bar) : [0, 0, 0, 0]), +video.controls]);
    if (/[nxp]\(/.test(objectPosition) && free + "" != this.free) this.measure();
  }
};
