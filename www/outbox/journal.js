// The journal: what has not arrived, in IndexedDB, where a crash leaves it. Each document has a tab of
// its own in it, and holds a lock of that name; what a tab left whose lock is gone, another adopts.

import { uuid } from "../uuid.js";

const VERSION = 1;
// The second is for when the first has contents of a newer version, or of something else, or cannot be
// opened: those are left as they are.
const NAMES = ["vitrine", "vitrine-" + VERSION];
// What a tab could not write before it was closed.
export const REST = "vitrine:rest:";
// Without locks a tab counts as gone after a day.
const DAY = 864e5;

const result = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

const connect = async (name) => {
  const request = indexedDB.open(name, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("events", { keyPath: ["tab", "n"] });
    request.result.createObjectStore("aside", { autoIncrement: true });
  };
  const db = await result(request);
  if (db.objectStoreNames.contains("events") && db.objectStoreNames.contains("aside")) return db;
  db.close();
};

const isRow = ({ at, json, context, to, tally }) => {
  try {
    return tally ? tally.count > 0
      : typeof at == "number" && !!JSON.parse(json).type && !!JSON.parse(context) && to.every((key) => JSON.parse(key).url);
  } catch {}
};

export class Journal {
  // `adopt` is called when another document is gone.
  constructor(adopt) {
    this.gone = adopt;
    this.watched = new Set();
    this.writing = new Set();
    this.abort = new AbortController();
    this.tab = uuid(Date.now());
    this.last = 0;
    this.waiting = new Map();
  }

  // Not before there is something to write or to read: who did not agree has no database.
  get ready() {
    return this.opening ||= Promise.all([this.open(), this.hold()]);
  }

  async open() {
    for (const name of NAMES) {
      try {
        const db = await connect(name);
        if (!db) continue;
        if (this.closed) return db.close();
        // A newer version in another tab shall not have to wait for this one.
        db.onversionchange = db.onclose = () => {
          db.close();
          if (this.db == db) this.db = null;
          if (!this.closed) this.open().then(() => this.flush());
        };
        return this.db = db;
      } catch {}
    }
    this.refused = true;
  }

  hold() {
    return new Promise((held) => {
      if (!navigator.locks) return held();
      navigator.locks.request("vitrine:" + this.tab, () => {
        held();
        return this.closed || new Promise((release) => this.release = release);
      }).catch(held);
    });
  }

  // The page is put aside, or gone. Its rows are for whoever comes next.
  suspend() {
    this.release?.();
  }

  // Firefox undoes what it has not written yet of a tab that is closed. What localStorage is given it keeps.
  rescue() {
    const rows = [...this.writing, this.waiting].flatMap((part) => [...part]).filter(([, row]) => row);
    try {
      if (rows.length) localStorage.setItem(REST + this.tab, JSON.stringify(rows.map(([n, row]) => ({ tab: this.tab, n, ...row }))));
    } catch {}
  }

  // The rows that tabs could not write, once; `mine` says which tabs.
  rescued(mine) {
    const rows = [];
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(REST) || !mine(key.slice(REST.length))) continue;
        const text = localStorage.getItem(key);
        localStorage.removeItem(key);
        rows.push(...JSON.parse(text));
      }
    } catch {}
    return rows;
  }

  // It is looked at again: the places of those rows that nobody took.
  async resume() {
    await this.hold();
    this.rescued((tab) => tab == this.tab);
    const own = IDBKeyRange.bound([this.tab], [this.tab, []]);
    const keys = await result(this.db.transaction("events").objectStore("events").getAllKeys(own));
    return new Set(keys.map(([, place]) => place));
  }

  // Everything of one task goes in one transaction, at its end.
  later(place, row) {
    this.waiting.set(place, row);
    this.due ||= this.ready.then(() => {
      this.due = null;
      this.flush();
    });
  }

  put(record, row) {
    this.later(record.place ??= ++this.last, row);
  }

  remove(record) {
    if (this.opening && record.place != null) this.later(record.place, null);
  }

  // All that any tab left.
  wipe() {
    this.waiting.clear();
    this.rescued(() => true);
    if (this.opening) return this.later("all", null);
    try {
      for (const name of NAMES) indexedDB.deleteDatabase(name);
    } catch {}
  }

  flush() {
    const { waiting, db, tab } = this;
    if (this.refused) waiting.clear();
    if (!db || !waiting.size) return;
    this.waiting = new Map();
    try {
      const transaction = db.transaction("events", "readwrite", { durability: "relaxed" }), store = transaction.objectStore("events");
      this.writing.add(waiting);
      transaction.oncomplete = () => this.writing.delete(waiting);
      // Full: it is tried again with the next event, and kept in memory until then.
      transaction.onabort = () => {
        this.writing.delete(waiting);
        for (const [place, row] of waiting) if (!this.waiting.has(place)) this.waiting.set(place, row);
      };
      for (const [place, row] of waiting) {
        if (place == "all") store.clear();
        else if (row) store.put({ tab, n: place, ...row });
        else store.delete([tab, place]);
      }
      // Not only when the page has heard of each request's success.
      transaction.commit?.();
    } catch {
      this.waiting = waiting;
    }
  }

  // Takes over the rows of tabs that are gone, all or none of them. `merge` adds up what was counted.
  async adopt(merge) {
    const rows = [];
    try {
      await this.ready;
      const all = this.db.transaction("events").objectStore("events");
      // First the rows, then the locks: a tab writes its first row with its lock in hand.
      const tabs = new Set((await result(all.getAllKeys())).map(([tab]) => tab));
      const held = navigator.locks && (await navigator.locks.query()).held.map(({ name }) => name);
      for (const name of held || []) this.watch(name);
      const isGone = (tab) => tab != this.tab && (held ? !held.includes("vitrine:" + tab)
        : parseInt(String(tab).replace("-", "").slice(0, 12), 16) < Date.now() - DAY);
      const rest = this.rescued(isGone);
      for (const { tab } of rest) tabs.add(tab);
      const gone = [...tabs].filter(isGone);
      if (!gone.length) return rows;
      const transaction = this.db.transaction(["events", "aside"], "readwrite", { durability: "relaxed" });
      const [store, aside] = ["events", "aside"].map((name) => transaction.objectStore(name));
      // What was written after all has the same place.
      for (const row of rest) store.put(row);
      for (const tab of gone) {
        store.getAll(IDBKeyRange.bound([tab], [tab, []])).onsuccess = ({ target }) => {
          for (const row of target.result) {
            store.delete([row.tab, row.n]);
            if (!isRow(row)) {
              aside.put(row);
              rows.push({});
            } else if (row.tally) {
              store.put({ tab: this.tab, n: 0, tally: merge(row.tally) });
            } else {
              const place = ++this.last;
              store.put({ ...row, tab: this.tab, n: place });
              rows.push({ place, row });
            }
          }
        };
      }
      await new Promise((done, fail) => {
        transaction.oncomplete = done;
        transaction.onabort = fail;
      });
      return rows;
    } catch {
      return [];
    }
  }

  // Whoever asks for a document's lock gets it when that document is gone.
  watch(name) {
    if (name == "vitrine:" + this.tab || !name.startsWith("vitrine:") || this.watched.has(name)) return;
    this.watched.add(name);
    navigator.locks.request(name, { signal: this.abort.signal }, () => {}).then(() => {
      this.watched.delete(name);
      this.gone();
    }, () => {});
  }

  close() {
    this.closed = true;
    this.abort.abort();
    this.flush();
    this.db?.close();
    this.release?.();
  }
}
