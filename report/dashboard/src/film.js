// The video, and under it what viewers did, second by second.

import { curve, LEFT, RIGHT } from './charts.js';
import { make, nothing, wrong } from './page.js';
import { clock, count, evidence, percent } from './words.js';

const FIELD = 5;
const SVG = 'http://www.w3.org/2000/svg';

/** What stays while figures come anew: the video plays on. */
export class Film {
  static FIGURES = ['retention', 'hctr_curve', 'optimum_length', 'click_map'];

  constructor() {
    this.id = undefined;
    this.video = null;
    this.at = 0;
    this.map = document.createElementNS(SVG, 'svg');
    this.map.setAttribute('viewBox', '0 0 100 100');
    this.map.setAttribute('preserveAspectRatio', 'none');
    this.map.setAttribute('role', 'img');
    this.picture = make('div', { class: 'picture' });
    this.curves = make('div', { class: 'curves' });
    this.head = make('div', { class: 'playhead', 'aria-hidden': 'true' });
    this.place = make('input', { type: 'range', min: '0', step: '1', 'aria-label': 'Second of the video' });
    this.said = make('p', { class: 'said', id: 'said' });
    this.optimum = make('p', { class: 'optimum' });
    this.mapOn = make('input', { type: 'checkbox', checked: '' });
    this.mapWords = make('span', { class: 'quiet' });
    this.place.addEventListener('input', () => this.seek(Number(this.place.value)));
    this.mapOn.addEventListener('change', () => this.showMap());
    this.curves.addEventListener('click', (event) => this.seek(this.second(event)));
    this.element = make('div', { class: 'film' }, this.picture,
      make('p', { class: 'switch' }, make('label', { class: 'check' }, this.mapOn, ' Clicks of these five seconds on the picture'), this.mapWords),
      make('div', { class: 'timeline' }, this.curves, this.head), this.place, this.said, this.optimum);
    new ResizeObserver(() => this.move()).observe(this.curves);
  }

  /** Another video, or none: `url` is where its file is. */
  open(id, url) {
    if (this.id === id) return;
    this.id = id;
    this.at = 0;
    this.video = null;
    if (url) {
      this.video = make('video', { src: url, controls: '', playsinline: '', preload: 'metadata', 'aria-label': `Video ${id}` });
      this.video.addEventListener('loadedmetadata', () => this.data && this.draw());
      this.video.addEventListener('error', () => this.picture.append(make('p', { class: 'error', role: 'alert' }, `The video ${id} cannot be played. Look at what --media says of it.`)));
      for (const type of ['timeupdate', 'seeking', 'seeked']) this.video.addEventListener(type, () => this.follow());
      this.video.addEventListener('play', () => this.run());
    }
    this.picture.replaceChildren(this.video ?? make('p', { class: 'quiet' }, `To see the video here, start with --media ${id}=FILE_OR_URL`), this.map);
  }

  /** Its figures, each with its answer (`value`) or what went wrong (`reason`). */
  show({ retention, hctr_curve, optimum_length, click_map }) {
    const rows = ({ value }) => value?.rows ?? [];
    this.data = {
      retention: rows(retention), hctr: rows(hctr_curve), clicks: rows(click_map), best: rows(optimum_length)[0],
      answers: { retention: retention.value, hctr_curve: hctr_curve.value, optimum_length: optimum_length.value },
      errors: [retention, hctr_curve, optimum_length, click_map].flatMap(({ reason }) => reason ? [wrong(reason)] : []),
    };
    this.draw();
  }

  get length() {
    const { retention, hctr } = this.data;
    const seen = Math.max((retention.at(-1)?.at_second ?? 0) + 1, (hctr.at(-1)?.from_second ?? 0) + FIELD);
    const own = this.video?.duration;
    return Number.isFinite(own) ? Math.max(own, 1) : seen;
  }

  draw() {
    const { retention, hctr, errors } = this.data;
    this.tellOptimum();
    if (retention.length + hctr.length === 0) {
      this.curves.replaceChildren(...(errors.length ? errors : [nothing()]));
      this.said.textContent = '';
      return;
    }
    const width = Math.max(280, this.curves.clientWidth);
    const { length } = this;
    const within = (at) => (row) => row[at] < length;
    this.curves.replaceChildren(
      curve({ rows: retention.filter(within('at_second')), at: 'at_second', name: 'retention', step: 1, length, width, title: 'Retention' }),
      curve({ rows: hctr.filter(within('from_second')), at: 'from_second', name: 'hctr', step: FIELD, length, width, title: 'HCTR', notes: this.notes }),
      ...errors,
    );
    this.place.max = String(Math.floor(length));
    this.most = Math.max(1, ...this.data.clicks.map((field) => field.clicks));
    this.move();
  }

  /** What stands in the curve of HCTR. */
  get notes() {
    const at = this.data.best?.optimum_length;
    return at == null || at > this.length ? [] : [{ second: at, words: `optimum length ${clock(at)}` }];
  }

  /** Where HCTR peaks, and from where it stays low: each a button that goes there. */
  tellOptimum() {
    const { best, answers: { optimum_length: answer } } = this.data;
    this.optimum.replaceChildren();
    if (!best || best.peak_second == null) {
      if (answer) this.optimum.append('The optimum length is not known yet: no five seconds have 30 exposures.');
      return;
    }
    const to = (second) => {
      const button = make('button', { type: 'button', class: 'jump' }, clock(second));
      button.addEventListener('click', () => this.seek(second));
      return button;
    };
    this.optimum.append('HCTR peaks at ', to(best.peak_second), ` with ${percent(best.peak_hctr)} ${evidence(answer, best, 'peak_hctr')} exposures. `);
    if (best.optimum_length == null) this.optimum.append('It does not stay under half of that to the end: the video is not too long.');
    else this.optimum.append('From ', to(best.optimum_length), ' on it stays under half of that: the optimum length.');
  }

  second(event) {
    const box = this.curves.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT);
    return Math.min(1, Math.max(0, share)) * this.length;
  }

  seek(second) {
    this.at = second;
    if (this.video) this.video.currentTime = second;
    this.move();
  }

  follow() {
    this.at = this.video.currentTime;
    this.move();
  }

  /** While it plays, with each frame. */
  run() {
    const { video } = this;
    const step = () => {
      if (video !== this.video || video.paused) return;
      this.follow();
      requestAnimationFrame(step);
    };
    step();
  }

  move() {
    if (!this.data) return;
    const width = this.curves.clientWidth - LEFT - RIGHT;
    this.head.style.transform = `translateX(${LEFT + Math.min(1, this.at / this.length) * width}px)`;
    this.place.value = String(Math.floor(this.at));
    const second = Math.floor(this.at);
    if (this.told === second && this.toldOf === this.data) return;
    [this.told, this.toldOf] = [second, this.data];
    this.say(second);
    this.showMap();
  }

  say(second) {
    const { retention, hctr, answers } = this.data;
    const kept = retention.find((row) => row.at_second === second);
    const clicked = hctr.find((row) => row.from_second === second - second % FIELD);
    const parts = [clock(second)];
    if (kept) parts.push(`${percent(kept.retention)} watching ${evidence(answers.retention, kept, 'retention')} views`);
    if (clicked?.hctr != null) parts.push(`HCTR ${percent(clicked.hctr)} ${evidence(answers.hctr_curve, clicked, 'hctr')} exposures`);
    this.said.textContent = parts.join(' · ');
    this.place.setAttribute('aria-valuetext', parts.join(', '));
  }

  showMap() {
    const from = this.told - this.told % FIELD;
    const fields = this.mapOn.checked ? this.data.clicks.filter((field) => field.from_second === from) : [];
    const sum = (name) => fields.reduce((all, field) => all + field[name], 0);
    const words = `${count(sum('clicks'))} clicks, ${count(sum('missed_clicks'))} of them beside all hotspots`;
    this.mapWords.textContent = this.mapOn.checked ? words : '';
    this.map.setAttribute('aria-label', `Click map: ${words}`);
    this.map.replaceChildren(...fields.map((field) => {
      const rect = document.createElementNS(SVG, 'rect');
      const at = { x: field.x_percent, y: field.y_percent, width: 5, height: 5, 'fill-opacity': 0.25 + 0.6 * field.clicks / this.most };
      for (const [name, value] of Object.entries(at)) rect.setAttribute(name, value);
      if (field.hit_clicks === 0) rect.setAttribute('class', 'missed');
      const title = document.createElementNS(SVG, 'title');
      title.textContent = `${field.clicks} clicks`;
      rect.append(title);
      return rect;
    }));
  }
}
