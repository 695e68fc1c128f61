// The same page for every tracker. `?tracker=` names it, `?o=` has what it is started with, `?before=` scripts that
// run before it. Each event has a label of ours, by which the bench finds it again.

const query = new URLSearchParams(location.search);
for (const name of query.getAll("before")) await import(`/trackers/${name}.mjs`);

const { start } = await import(`/trackers/${query.get("tracker")}.mjs`);
let track = () => {}, failed;
try {
  track = await start(JSON.parse(query.get("o") || "{}"));
} catch (error) {
  failed = String(error);
}

const add = (kind, more) => {
  const made = crypto.randomUUID();
  track(kind, { made, ...more });
  return made;
};

window.bench = {
  ready: true, failed, track, add,
  many: (count, kind = "progress", more) => Array.from({ length: count }, () => add(kind, more)),
};
