// The page: its state is its address, its figures are the server's.

import { ask, hasToken, Refused, setToken, takeToken } from './api.js';
import { Film } from './film.js';
import { make, PATIENCE_MS, Section } from './page.js';
import { rest, SECTIONS } from './sections.js';

const NAMES = ['from', 'to', 'video', 'campaign', 'device', 'variant', 'by', 'launch'];
const LIVE_MS = 5000;

const $ = (id) => document.getElementById(id);
const form = $('filters');
const specs = [];
const sections = {};
const film = new Film();
let list;
let running;

const state = () => Object.fromEntries(NAMES.map((name) => [name, new URLSearchParams(location.search).get(name) ?? '']));

/** A section, and the link that leads to it. */
function add(spec) {
  const { id, title } = spec;
  specs.push(spec);
  sections[id] = new Section(id, title);
  $('sections').append(sections[id].element);
  $('contents').append(make('li', {}, make('a', { href: `#${id}-title` }, title)));
}

/** What there is: videos, figures, and a section for each of them. */
async function known(signal) {
  const found = await ask('list', {}, signal);
  rest(found.figures).filter(({ id }) => !sections[id]).forEach(add);
  return found;
}

/** The form as the address says, whatever values there are by now. */
function fill(values) {
  for (const name of NAMES) {
    const field = form.elements[name];
    if (field.type === 'select-one' && values[name] && ![...field.options].some((option) => option.value === values[name])) field.append(new Option(values[name]));
    field.value = values[name];
  }
}

function choices(name, values, first = 'all') {
  const field = form.elements[name];
  // Whoever has just opened it goes on choosing.
  const known = [...field.options].map((option) => option.value);
  if (known.length > 0 && ['', ...values].every((value) => known.includes(value))) return;
  field.replaceChildren(new Option(first, ''), ...values.map((value) => new Option(value)));
}

/** Figures at once, with a line for whoever waits. */
function counted(signal) {
  let [done, all] = [0, 0];
  const began = performance.now();
  const tell = () => {
    const waits = !signal.aborted && done < all && performance.now() - began > PATIENCE_MS;
    if (waits) $('progress').replaceChildren(make('progress', { value: done, max: all, 'aria-label': 'Figures' }), ` ${done} of ${all} figures`);
    if (!waits && !signal.aborted) $('progress').replaceChildren();
  };
  setTimeout(tell, PATIENCE_MS + 10);
  const get = async (figure, query) => {
    all += 1;
    try {
      return await ask(`figure/${figure}`, query, signal);
    } finally {
      done += 1;
      tell();
    }
  };
  return Object.assign(get, { signal });
}

function queryOf({ figure, query, first }, values) {
  const possible = list.figures.find(({ name }) => name === figure).by;
  return { ...values, by: possible.includes(values.by) ? values.by : first, ...query };
}

async function showSection(spec, values, get) {
  const section = sections[spec.id];
  section.element.hidden = Boolean(spec.only) && !spec.only(values);
  $('contents').querySelector(`[href='#${spec.id}-title']`).parentElement.hidden = section.element.hidden;
  if (section.element.hidden) return;
  section.busy();
  try {
    const names = Object.keys(spec.asks);
    const found = await Promise.all(names.map((name) => get(spec.asks[name].figure, queryOf(spec.asks[name], values))));
    const answers = Object.fromEntries(names.map((name, at) => [name, found[at]]));
    section.show(...spec.draw(answers, Math.max(280, section.body.clientWidth), values, list.given));
    section.table(found.at(-1));
  } catch (error) {
    if (error.name === 'AbortError' || error instanceof Refused) throw error;
    section.fail(error);
  } finally {
    // Whoever asked anew has begun again.
    if (!get.signal.aborted) section.done();
  }
}

/** Which videos there are; the one that is chosen, or the first with a picture, or the first. */
async function chosenVideo(values, get) {
  const found = await get('overview', { from: values.from, to: values.to, by: 'video' });
  const videos = found.rows.map((row) => row.dimension).filter((id) => id !== '(none)');
  choices('video', videos);
  fill(values);
  return values.video || videos.find((id) => list.media[id]) || videos[0];
}

async function showFilm(values, get) {
  const section = sections.film;
  section.busy();
  try {
    const id = await chosenVideo(values, get);
    if (!id) return section.show(make('p', { class: 'quiet' }, 'No video in this period.'));
    const query = { ...values, video: id, by: '' };
    // One that fails says so where it would be; the others are there.
    const found = await Promise.allSettled(Film.FIGURES.map((name) => get(name, query)));
    const ended = found.map(({ reason }) => reason).find((reason) => reason?.name === 'AbortError' || reason instanceof Refused);
    if (ended) throw ended;
    film.open(id, list.media[id]);
    if (!section.body.contains(film.element)) section.show(make('p', { class: 'quiet', id: 'film-id' }), film.element);
    $('film-id').textContent = values.video ? id : `${id}. Choose another above.`;
    section.keep(() => film.show(Object.fromEntries(Film.FIGURES.map((name, at) => [name, found[at]]))));
    section.table(...found.filter(({ value }) => value).map(({ value }) => value));
  } catch (error) {
    if (error.name === 'AbortError' || error instanceof Refused) throw error;
    section.fail(error);
  } finally {
    if (!get.signal.aborted) section.done();
  }
}

async function showChoices(values, get) {
  const period = { from: values.from, to: values.to };
  const [campaigns, variants] = await Promise.all(['campaign', 'variant'].map((by) => get('overview', { ...period, by })));
  const known = (answer) => answer.rows.map((row) => row.dimension).filter((name) => name !== '(none)');
  choices('campaign', known(campaigns));
  choices('variant', [...new Set(known(variants).map((name) => name.split(' ').at(-1)))]);
  fill(values);
}

async function load() {
  running?.abort();
  const own = running = new AbortController();
  const values = state();
  document.body.dataset.asked = location.search;
  const get = counted(own.signal);
  try {
    list ??= await known(own.signal);
    enter(true);
    choices('by', [...new Set(list.figures.flatMap((figure) => figure.by))], 'each its own');
    fill(values);
    await Promise.all([
      ...specs.map((spec) => spec.id === 'film' ? showFilm(values, get) : showSection(spec, values, get)),
      showChoices(values, get).catch((error) => { if (error instanceof Refused) throw error; }),
    ]);
    if (!own.signal.aborted) document.body.dataset.shown = location.search || '?';
  } catch (error) {
    if (error.name === 'AbortError') return;
    own.abort();
    $('progress').replaceChildren();
    if (error instanceof Refused) refuse(error);
    else $('progress').replaceChildren(make('span', { class: 'error' }, error.message));
  } finally {
    if (running === own) running = undefined;
  }
}

function enter(open) {
  $('desk').hidden = !open;
  $('door').hidden = open;
}

function refuse(error) {
  enter(false);
  if (hasToken()) $('door-words').textContent = `${error.message[0].toUpperCase()}${error.message.slice(1)}.`;
  $('door').elements.token.focus();
}

function go(values) {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();
  history.pushState(null, '', query ? `?${query}` : location.pathname);
  load();
}

function start() {
  takeToken();
  SECTIONS.forEach(add);
  choices('device', ['phone', 'tablet', 'desktop']);
  form.addEventListener('change', (event) => {
    if (event.target.id === 'live') return;
    go(Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value])));
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => { event.preventDefault(); go({}); });
  $('door').addEventListener('submit', (event) => {
    event.preventDefault();
    setToken($('door').elements.token.value);
    load();
  });
  // A link to a section changes no figure.
  addEventListener('popstate', () => { if (document.body.dataset.asked !== location.search) load(); });
  addEventListener('hashchange', () => { if (takeToken()) load(); });
  let width = innerWidth;
  addEventListener('resize', () => {
    // A phone's address bar comes and goes: that changes the height alone.
    if (innerWidth !== width && list) load();
    width = innerWidth;
  });
  setInterval(() => { if ($('live').checked && !document.hidden && !running) load(); }, LIVE_MS);
  load();
}

start();
