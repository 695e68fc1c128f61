// Who watches, for all overlays of a page. Storage may be switched off, full or forbidden; then an id
// lasts as long as the page.

import { uuid } from "../uuid.js";

const NAMES = ["viewer", "session"], GRANTED = 0, DENIED = 2;

export class Identity {
  ids = {};

  // Makes the ids for a state of consent; returns which became which.
  use(state) {
    const changed = [];
    for (const name of NAMES) {
      const key = "vitrine:" + name, before = this.ids[name] ||= uuid(Date.now());
      try {
        const storage = name == "viewer" ? localStorage : sessionStorage, stored = storage.getItem(key);
        if (state == GRANTED) {
          if (stored?.length == before.length) this.ids[name] = stored;
          else storage.setItem(key, before);
        }
        // And what the viewer did and saw: `www/journey.js`, `www/experiment.mjs`, `www/choices.js`.
        if (state == DENIED) for (const gone of [name, "journey", "variants", "choices"]) storage.removeItem("vitrine:" + gone);
      } catch {}
      // Nothing may tell that who denied it is who was here before.
      if (state == DENIED && this.used) this.ids[name] = uuid(Date.now());
      else if (this.ids[name] != before) changed.push([before, this.ids[name]]);
    }
    this.used = true;
    return changed;
  }
}
