// What a viewer chose that shall still hold on the site's next page: answers to polls, the wishlist. In localStorage where they
// agreed to that (`www/outbox/identity.js` deletes it once they refuse), else as long as the page.

const KEY = "vitrine:choices", MOST = 200;

// What storage has: a map of names and texts, empty where it is broken; nothing where there is no storage.
const read = () => {
  let text;
  try {
    text = localStorage.getItem(KEY);
  } catch {
    return;
  }
  try {
    const rows = JSON.parse(text);
    return new Map(rows.filter((row) => row.length == 2 && row.every((part) => typeof part == "string")));
  } catch {
    return new Map();
  }
};

// All of this page, and what of it storage does not have yet. Other tabs write there, too, so that nothing is written twice.
const own = new Map(), fresh = new Set();

// `state` tells whether the viewer agrees, as the outbox says it.
export default (state) => {
  const write = () => {
    const rows = state() == "granted" && read();
    if (!rows || !fresh.size) return rows;
    for (const name of fresh) {
      rows.delete(name);
      if (own.get(name) != null) rows.set(name, own.get(name));
    }
    try {
      localStorage.setItem(KEY, JSON.stringify([...rows].slice(-MOST)));
      fresh.clear();
    } catch {}
    return rows;
  };
  return {
    get: (name) => (write() || own).get(name),
    // Nothing, for what is no longer chosen.
    set(name, value) {
      own.set(name, value);
      fresh.add(name);
      write();
    },
  };
};
