// Delivery, one for all overlays of a document. Rust decides (src/outbox/), by numbers; this part has
// the texts, and carries out. See docs/delivery.md.

import { Identity } from "./identity.js";
import { Journal, REST } from "./journal.js";
import { format, keyOf, length, Transport } from "./transport.js";

// In the order of `Do` in src/outbox/effect.rs.
const DO = "write erase done send arm drop report wake warn identify wipe renew close".split(" ");
// In the order of `Consent`, `Reason` and `Trouble` there.
const CONSENTS = ["granted", "required", "denied"], GRANTED = 0, REQUIRED = 1, DENIED = 2;
const REASONS = ["full", "old", "large", "refused", "corrupt"], REFUSED = 3, CORRUPT = 4;
const TROUBLES = [
  (url, status) => `the collector ${url} ${status ? "answered " + status : "did not answer"}. Events are kept and sent again. Check data-collector, and its CORS if it is on another origin.`,
  (url, status) => `the collector ${url} answered ${status}: it takes nothing from this page. Events are kept for the next visit. Check its address and its key.`,
  (url, status) => `the collector ${url} answered ${status} to a single event, which is given up and counted in a dropped event.`];

// By literal addresses, so that bundlers find them.
const ADAPTERS = { tcf: () => import("./consent/tcf.mjs"), google: () => import("./consent/google.mjs"), shopify: () => import("./consent/shopify.mjs") };

let module, current;
// Of outboxes that have closed, to begin anew with: a browser reserves gigabytes of addresses for each.
const idle = [];
const GONE = new Proxy({}, { get: () => () => 0 });

const compile = () => module ||= (async () => {
  const file = await fetch(new URL("vitrine-outbox_bg.wasm", import.meta.url));
  // A server that names another type than application/wasm costs a little time and nothing else.
  return WebAssembly.compile(await file.arrayBuffer());
})().catch((error) => {
  module = 0;
  throw error;
});

class Outbox {
  constructor(options) {
    this.lines = new Set();
    this.opened = 0;
    this.last = 0;
    this.events = new Map();
    this.lanes = [];
    this.groups = [];
    this.held = [];
    this.calls = [];
    this.sum = { place: 0 };
    this.said = new Set();
    this.unsaid = [];
    this.tally = null;
    this.abort = new AbortController();
    this.ready = this.start(options);
  }

  async start(options) {
    const state = this.state = this.asked(options.consent), keepalive = "keepalive" in Request.prototype;
    const exports = this.wasm = idle.pop() || (await WebAssembly.instantiate(await compile())).exports;
    exports.start(+keepalive, +(typeof fetchLater == "function"), state, +!!options.anonymous, Date.now(), performance.now());
    exports.online(+navigator.onLine, 0, 0);
    this.identity = new Identity();
    // Whom an experiment was drawn for.
    this.identity.ids.viewer = options.viewer;
    this.transport = new Transport(this);
    this.journal = new Journal(() => this.adopt());
    const on = (target, type, listener) => target.addEventListener(type, listener, { signal: this.abort.signal, capture: true });
    const leaving = ({ type, persisted }) => {
      exports.begin_leaving();
      this.left = type == "pagehide";
      if (persisted) this.journal.suspend();
    };
    const back = async ({ persisted }) => {
      exports.resume(Date.now(), performance.now());
      this.transport.look();
      if (persisted) {
        try {
          const kept = await this.journal.resume();
          for (const [number, { place }] of this.events) if (place != null && !kept.has(place)) exports.forget(number);
        } catch {}
      }
      this.work();
      this.adopt();
    };
    on(document, "visibilitychange", (event) => document.hidden ? leaving(event) : back(event));
    on(window, "pagehide", leaving);
    on(window, "pageshow", (event) => event.persisted && back());
    // What a closing tab could not write may come after its lock has gone.
    on(window, "storage", ({ key }) => key?.startsWith(REST) && this.adopt());
    for (const type of ["online", "offline"]) {
      on(window, type, () => {
        exports.online(+(type == "online"), performance.now(), Math.random());
        this.work();
      });
    }
    this.work();
  }

  // What the page, or else the browser, says about consent.
  asked(consent) {
    if (consent == null) return navigator.globalPrivacyControl ? DENIED : GRANTED;
    const state = CONSENTS.indexOf(consent);
    return state < 0 ? REQUIRED : state;
  }

  async line(options) {
    const { consent, collectors = [] } = options, line = { options };
    const lanes = (await Promise.all(collectors.map((collector) => this.lane(collector)))).filter(Boolean);
    this.lines.add(line);
    this.say();
    if (consent != null) {
      // The strictest of all overlays holds.
      if (this.lines.size > 1) this.consent(Math.max(this.state, this.asked(consent)));
      if (!CONSENTS.includes(consent)) this.listen(consent);
    }
    this.tell();
    const end = () => {
      this.lines.delete(line);
      if (--this.opened) return;
      if (current == this) current = null;
      this.abort.abort();
      this.stop?.();
      this.wasm.close(performance.now());
    };
    const act = (work, soon) => (argument) => {
      // Nothing of this may reach the page, or what the caller still has to do.
      try {
        if (this.lines.has(line)) {
          work(argument);
          this.work(soon);
        }
      } catch (error) {
        this.warn(String(error));
      }
    };
    return {
      ids: this.identity.ids,
      state: () => CONSENTS[this.state],
      time: (monotonic = performance.now()) => this.wasm.date(monotonic),
      add: act((event) => this.add(event, lanes, options.context), true),
      leave: act(() => {
        this.wasm.tell(performance.now());
        this.work();
        this.wasm.leave(performance.now());
        this.work();
        if (this.left) this.journal.rescue();
      }),
      flush: act(() => this.wasm.hurry()),
      consent: act((state) => {
        const number = CONSENTS.indexOf(state);
        if (number >= 0) this.consent(number);
      }),
      close: act(end),
    };
  }

  // A collector's lane, which all overlays and other visits share that name the same one.
  async lane(collector) {
    try {
      const key = keyOf(collector), find = () => this.lanes.find((lane) => lane.key == key);
      collector = JSON.parse(key);
      const made = find() || await format(collector, (...words) => this.unloaded(...words));
      // Another overlay may have asked meanwhile.
      if (find()) return find();
      const lane = { key, number: -1, name: collector.url, format: made, groups: new Set(), timeout: collector.timeout };
      if (made.push) return lane;
      const { limits } = made, beacon = !Object.keys(lane.headers = { ...made.headers, ...collector.headers }).length;
      lane.url = this.transport.url(collector);
      lane.number = this.lanes.push(lane) - 1;
      this.wasm.lane(limits.events, limits.bytes, limits.event, limits.each, +beacon, +!!made.later);
      return lane;
    } catch (error) {
      this.warn(`the collector ${collector?.url} cannot be used (${error.message}). Check its url and format.`);
    }
  }

  // A format that does not load now may do so on another page: until then its collector takes nothing. What is
  // meant for this page alone is counted.
  unloaded(name, error) {
    this.warn(`the format ${name} cannot be loaded (${error.message}). Events are kept for the next visit. Check its name, and that formats/${name}.mjs is there.`);
    return name == "dataLayer" ? { push: (event) => event.type != "dropped" && (this.count(event, REFUSED, name), this.keep()) }
      : { limits: { events: 0, bytes: 1e9, event: 1e9, each: 0 }, write: (event, context, json) => json, body: () => "" };
  }

  group(context) {
    const text = JSON.stringify(context), known = this.groups.findIndex((group) => group.text == text);
    return known < 0 ? this.groups.push({ text, context }) - 1 : known;
  }

  add(event, lanes, context) {
    const pushed = lanes.filter((lane) => lane.format.push && (this.held.push([lane, event]), true));
    if (pushed.length) this.release();
    if (pushed.length < lanes.length) {
      this.push(JSON.stringify(event), event, this.group(context()), lanes, NaN);
    }
  }

  push(json, event, group, lanes, age, place) {
    const { wasm } = this, number = ++this.last, { context } = this.groups[group], record = { json, group, place, texts: [], keys: new Map() };
    for (const lane of lanes) {
      const text = lane.number < 0 ? undefined : lane.format.write(event, context, json);
      if (text === undefined) continue;
      if (!lane.groups.has(group)) {
        lane.groups.add(group);
        wasm.envelope(lane.number, group, length(lane.format.body([], this.context(group), new Date())));
      }
      record.texts[lane.number] = text;
      record.keys.set(lane.number, lane.key);
      wasm.route(lane.number, length(text));
    }
    this.events.set(number, record);
    const { written } = new TextEncoder().encodeInto(event.type, new Uint8Array(wasm.memory.buffer, wasm.kind(), 64));
    wasm.push(number, written, length(json), group, age, performance.now());
  }

  // The context that goes out: that of the time of the event, with the consent by which it goes.
  context(group) {
    return { ...this.groups[group].context, consent: CONSENTS[this.state == DENIED ? DENIED : GRANTED] };
  }

  // Events for the page's own lists: one call, and they have arrived.
  release() {
    if (this.state == REQUIRED) return;
    for (const [lane, event] of this.held.splice(0)) {
      if (this.state == GRANTED) lane.format.push(event);
    }
  }

  consent(state) {
    this.state = state;
    this.wasm.consent(state);
    this.release();
    this.work();
  }

  // A consent manager's words; its part is loaded only where it is named.
  async listen(name) {
    try {
      const adapter = await ADAPTERS[name]();
      if (!this.opened) return;
      this.stop?.();
      this.stop = adapter.default((state) => this.consent(CONSENTS.indexOf(state)));
    } catch (error) {
      this.warn(`consent ${JSON.stringify(name)} cannot be used (${error.message}). Use "granted", "required", "denied", or one of the adapters tcf, google, shopify.`);
    }
  }

  // With `soon` only what cannot wait for the next task.
  work(soon) {
    if (this.closed) return;
    const { wasm } = this, count = wasm.work(performance.now(), +!!soon);
    // A copy: the memory beneath may move meanwhile.
    const rows = new Float64Array(wasm.memory.buffer, wasm.rows(), count).slice();
    for (let row = 0; row < count; row += rows[row]) {
      this[DO[rows[row + 1]]](...rows.subarray(row + 2, row + rows[row]));
    }
    // Callers add events meanwhile: what these want done comes after what was wanted before.
    for (const call of this.calls.splice(0)) call();
  }

  write(...numbers) {
    for (const number of numbers) {
      const record = this.events.get(number), { json, group, keys } = record;
      this.journal.put(record, { at: this.wasm.date(performance.now()), json, context: this.groups[group].text, to: [...keys.values()] });
    }
  }

  erase(...numbers) {
    for (const number of numbers) {
      this.journal.remove(this.events.get(number));
      this.events.delete(number);
    }
  }

  done(lane, ...numbers) {
    for (const number of numbers) this.events.get(number).keys.delete(lane);
    this.write(...numbers);
  }

  send(request, lane, way, ...numbers) {
    this.transport.send(request, this.lanes[lane], way, numbers);
  }

  arm(lane, ...numbers) {
    this.transport.arm(this.lanes[lane], numbers);
  }

  // What a body is made of.
  body(lane, numbers, sent_at) {
    const records = numbers.map((number) => this.events.get(number));
    return lane.format.body(records.map(({ texts }) => texts[lane.number]), this.context(records[0].group), sent_at);
  }

  drop(lane, reason, ...numbers) {
    for (const number of numbers) this.count(JSON.parse(this.events.get(number).json), reason, this.lanes[lane]?.name);
    this.keep();
  }

  // The journal keeps what was counted until an event has it.
  keep() {
    if (this.state == GRANTED) this.journal.put(this.sum, { tally: this.tally });
  }

  count({ type = "unknown", view_id, seq }, reason, collector) {
    const missing = view_id ? { [view_id]: [seq] } : {};
    return this.merge({ count: 1, types: { [type]: 1 }, reasons: { [REASONS[reason]]: 1 }, missing,
      ...(collector && { collectors: { [collector]: 1 } }) });
  }

  // A collector that reads the list of what is missing, and not only the sums, can prove that no other
  // event is. It is cut before it becomes too long for an event.
  merge({ count, missing, ...sums }) {
    const tally = this.tally ||= { count: 0, missing: {} };
    if (tally.count < 500) for (const view in missing) (tally.missing[view] ||= []).push(...missing[view]);
    tally.count += count;
    for (const name in sums) {
      const list = tally[name] ||= {};
      for (const key in sums[name]) list[key] = (list[key] || 0) + sums[name][key];
    }
    this.wasm.miss();
    return tally;
  }

  report() {
    this.calls.push(() => this.tell());
  }

  tell() {
    const { tally } = this, [line] = this.lines;
    if (!tally || !line || this.state == DENIED) return;
    this.tally = null;
    this.journal.remove(this.sum);
    line.options.dropped?.(tally);
  }

  // What other visits left.
  async adopt() {
    if (this.state != GRANTED || !this.opened) return;
    for (const { row, place } of await this.journal.adopt((tally) => this.merge(tally))) {
      if (!row) {
        this.count({}, CORRUPT);
        this.keep();
        continue;
      }
      const lanes = (await Promise.all(row.to.map((key) => this.lane(JSON.parse(key))))).filter(Boolean);
      // Where a format cannot be loaded now, the next visit tries.
      if (lanes.length == row.to.length) {
        this.push(row.json, JSON.parse(row.json), this.group(JSON.parse(row.context)), lanes, Date.now() - row.at, place);
      }
    }
    this.work();
  }

  wake(milliseconds) {
    clearTimeout(this.timer);
    if (milliseconds == milliseconds && !this.closed) this.timer = setTimeout(() => this.work(), milliseconds + 1);
  }

  warn(lane, trouble, status) {
    const text = lane.length ? lane : TROUBLES[trouble](this.lanes[lane].name, status), kind = lane.length ? lane : lane + "," + trouble;
    if (this.said.has(kind)) return;
    this.said.add(kind);
    this.unsaid.push(text);
    this.say();
  }

  // What is wrong with a page's first collector is found before there is anyone to tell.
  say() {
    for (const { options } of this.lines) return this.unsaid.splice(0).forEach((text) => options.warn?.(text));
  }

  identify(state) {
    const changed = this.identity.use(state);
    // What was held until the viewer agreed is the remembered viewer's too.
    for (const [before, now] of changed) {
      for (const record of this.events.values()) {
        const rename = (text) => text.replaceAll(before, now);
        record.json = rename(record.json);
        record.texts = record.texts.map(rename);
      }
    }
    if (state == GRANTED) this.adopt();
  }

  wipe() {
    this.tally = null;
    this.journal.wipe();
  }

  renew() {
    for (const { options } of this.lines) this.calls.push(() => options.renew?.());
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.transport.close();
    this.journal.close();
    idle.push(this.wasm);
    this.wasm = GONE;
  }
}

export const open = async (options) => {
  const outbox = current ||= new Outbox(options);
  outbox.opened++;
  try {
    await outbox.ready;
  } catch (error) {
    if (current == outbox) current = null;
    throw error;
  }
  return outbox.line(options);
};
