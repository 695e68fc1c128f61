// Which variant a viewer sees: always the same, in the proportions that the file asks for.
import assert from "node:assert/strict";
import test from "node:test";
import { draw, resolve } from "../../www/experiment.js";
import { uuid } from "../../www/uuid.js";

const spot = (id, start, more) => ({ id, start, end: start + 2, products: ["bag"], keyframes: [{ time: start, x: 1, y: 1 }], ...more });
const file = (...variants) => ({ version: 1, video: { id: "film", duration: 9 }, products: [{ id: "bag", title: "Bag" }],
  hotspots: [spot("one", 1), spot("two", 4)], theme: { accent: "red" }, experiment: { id: "e", variants } });
const starts = (...variants) => resolve(file(...variants), "v").file.experiment.start;

test("weights are kept to, whoever comes", () => {
  const experiment = { id: "hosts", variants: [{ id: "a", weight: 60 }, { id: "b", weight: 30 }, { id: "c", weight: 10 }, { id: "none", weight: 0 }] };
  const counts = {}, all = 40000;
  for (let i = 0; i < all; i++) {
    const { id } = draw(experiment, uuid(Date.UTC(2026, 0, 1) + i));
    counts[id] = (counts[id] || 0) + 1;
  }
  // Five standard deviations.
  for (const [id, share] of [["a", 0.6], ["b", 0.3], ["c", 0.1]]) assert.ok(Math.abs(counts[id] - all * share) < 5 * Math.sqrt(all * share * (1 - share)), JSON.stringify(counts));
  assert.equal(counts.none, undefined);
});

test("two experiments of the same viewers are drawn apart", () => {
  const of = (id, viewer) => draw({ id, variants: [{ id: "a" }, { id: "b" }] }, viewer).id;
  const viewers = Array.from({ length: 4000 }, (_, i) => uuid(i)), same = viewers.filter((viewer) => of("one", viewer) == of("two", viewer)).length;
  assert.ok(Math.abs(same - 2000) < 5 * Math.sqrt(1000), `${same} of 4000`);
});

test("a viewer keeps their variant, also when the weights change; one that is gone is drawn anew", () => {
  for (let i = 0; i < 200; i++) {
    const viewer = uuid(i), first = draw({ id: "e", variants: [{ id: "a" }, { id: "b" }] }, viewer).id;
    assert.equal(draw({ id: "e", variants: [{ id: "a" }, { id: "b" }] }, viewer).id, first);
    assert.equal(draw({ id: "e", variants: [{ id: "a", weight: first == "a" ? 0 : 9 }, { id: "b", weight: first == "b" ? 0 : 9 }] }, viewer, first).id, first);
    assert.equal(draw({ id: "e", variants: [{ id: "c" }] }, viewer, first).id, "c");
  }
});

test("a variant's lists go in place of the file's, its video and theme over them", () => {
  const { file: own, src, variant } = resolve(file({ id: "a", video: { src: "a.mp4", duration: 5 }, theme: { radius: "1px" }, hotspots: [] }), "v");
  assert.deepEqual([own.video, own.theme, own.hotspots, own.products.length], [{ id: "film", duration: 5 }, { accent: "red", radius: "1px" }, [], 1]);
  assert.deepEqual([src, variant, own.experiment.id, own.experiment.variant, own.experiment.variants], ["a.mp4", "a", "e", "a", undefined]);
});

test("the difference is seen from where the variants part, by every variant alike", () => {
  assert.equal(starts({ id: "a" }, { id: "b", video: { src: "b.mp4" } }), 0);
  assert.equal(starts({ id: "a" }, { id: "b", theme: { accent: "blue" } }), 0);
  assert.equal(starts({ id: "a" }, { id: "b", hotspots: [spot("one", 1)] }), 4);
  assert.equal(starts({ id: "a" }, { id: "b", hotspots: [spot("one", 1), spot("two", "00:03.5")] }), 3.5);
  assert.equal(starts({ id: "a" }, { id: "b", hotspots: [spot("one", 1, { label: "x" }), spot("two", 4)] }), 1);
  assert.equal(starts({ id: "a" }, { id: "b", products: [{ id: "bag", title: "Other" }] }), 1);
  assert.equal(starts({ id: "a" }, { id: "b" }), undefined);
});

test("what is no variant is none", () => {
  const bad = file(null, 7, {}, { id: " " }, { id: 1 });
  assert.equal(resolve(bad, "v").file, bad);
  assert.equal(resolve({ ...bad, experiment: { id: "e", variants: "x" } }, "v").variant, undefined);
  assert.equal(resolve(file({ id: "a", weight: "9" }, { id: "b", weight: -1 }), "v").variant !== undefined, true);
  assert.equal(draw({ id: "e", variants: [{ id: "a", weight: 0 }] }, "v").id, "a");
});
