// A code that a press on the hotspot reveals.

// Whether the text is on the clipboard. Without HTTPS, or where a frame may not, there is only the old way.
const copy = async (text, page) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {}
  const area = page.createElement("textarea");
  area.value = text;
  area.style.cssText = "position:fixed;opacity:0";
  page.body.append(area);
  area.select();
  try {
    return page.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
  }
};

export default ({ action, words, host, track, draw, button }) => {
  const { code } = action, page = host.video.ownerDocument;
  let state = "";
  const revealed = track("coupon_revealed", { coupon: code });

  return {
    title: words.coupon_title,
    tree: () => [
      ["p", { class: "code", part: "code", tabindex: -1, dir: "ltr" }, code],
      ["div", { class: "buttons" },
        button("primary", "copy", { part: "copy" }, words[state == "done" ? "coupon_copied" : "coupon_copy"]),
        action.url?.trim() && ["a", { class: "link", part: "use", href: action.url, target: "_blank", rel: "noopener" }, words.coupon_use]],
      ["p", { part: "status", class: "status quiet", role: "status" }, state == "failed" ? words.coupon_manual : state == "done" && ["span", { class: "sr" }, words.coupon_copied]]],

    async copy() {
      const { activeElement } = host.root;
      state = await copy(code, page) ? "done" : "failed";
      activeElement?.focus({ preventScroll: true });
      if (state == "done") track("coupon_copied", { coupon: code }, revealed);
      draw();
      if (state == "done") return;
      // Marked, so that the viewer can copy it by hand.
      const range = page.createRange();
      range.selectNodeContents(host.layer.querySelector("[part=code]"));
      page.getSelection().removeAllRanges();
      page.getSelection().addRange(range);
    },
  };
};
