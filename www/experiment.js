// Which variant of an experiment a viewer sees, and what the file is for them. Pure; docs/orders.md has the rules.

const list = (value) => Array.isArray(value) ? value : [];

// FNV-1a with the last mix of MurmurHash3, without which neighbouring texts get neighbouring numbers: 0 to 1.
// http://www.isthe.com/chongo/tech/comp/fnv/
const chance = (text) => {
  let hash = 2166136261;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 16777619);
  for (const [shift, factor] of [[16, 2246822507], [13, 3266489909], [16, 1]]) hash = Math.imul(hash ^ hash >>> shift, factor);
  return (hash >>> 0) / 2 ** 32;
};

// The variants that can be drawn, with their weights: 1 unless said.
const weighed = ({ variants }) => list(variants).filter((variant) => typeof variant?.id == "string" && variant.id.trim())
  .map((variant) => ({ variant, weight: typeof variant.weight == "number" && variant.weight >= 0 ? variant.weight : 1 }));

// A viewer's variant; `kept` is the id of the one they had.
export const draw = (experiment, viewer, kept) => {
  const rows = weighed(experiment), again = rows.find(({ variant }) => variant.id === kept);
  if (again) return again.variant;
  let rest = chance(experiment.id + "\n" + viewer) * rows.reduce((sum, { weight }) => sum + weight, 0);
  return (rows.find(({ weight }) => (rest -= weight) < 0) || rows[0])?.variant;
};

// The file as a variant has it: its lists go in place of the file's, the video's and the theme's fields over them.
const whole = ({ experiment, ...file }, { products, hotspots, video, theme }) => ({ ...file,
  ...(products && { products }), ...(hotspots && { hotspots }), video: { ...file.video, ...video }, ...((theme || file.theme) && { theme: { ...file.theme, ...theme } }) });

const second = (time) => typeof time == "string" ? time.split(":").reduce((sum, part) => sum * 60 + +part, 0) : time;

// From when on the variants can look different to anyone, in seconds; nothing where they never do.
const start = (file) => {
  const files = weighed(file.experiment).map(({ variant }) => whole(file, variant));
  const different = (words) => new Set(files.map(words)).size > 1;
  if (different(({ video, theme }) => JSON.stringify([video, theme]))) return 0;
  // With what is in them, and in order: that is what a viewer sees.
  const rows = files.map(({ hotspots, products }) => list(hotspots).map((hotspot) =>
    [second(hotspot?.start), JSON.stringify([hotspot, list(hotspot?.products).map((id) => list(products).find((product) => product?.id === id))])]));
  const all = rows.flat().filter(([, words]) => !rows.every((own) => own.some((row) => row[1] == words))).map(([time]) => time).filter(Number.isFinite);
  return all.length ? Math.min(...all) : different(({ hotspots, products }) => JSON.stringify([hotspots, products])) ? 0 : undefined;
};

// The file for a viewer, and where its video is, if the variant says. A file without a variant that can be drawn stays as it is.
export const resolve = (file, viewer, kept) => {
  const variant = draw(file.experiment, viewer, kept);
  if (!variant) return { file };
  const { video: { src, ...video }, ...rest } = whole(file, variant), from = start(file);
  return { file: { ...rest, video, experiment: { id: file.experiment.id, variant: variant.id, ...(from != null && { start: from }) } }, variant: variant.id, src };
};
