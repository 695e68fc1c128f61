// One question, one answer: of the file's own, or a number of a scale. What was answered is not asked again.
import choices from "../choices.js";

const SCALES = { satisfaction: [1, 5, "poll_low", "poll_high"], recommendation: [0, 10, "poll_unlikely", "poll_likely"] };

export default ({ action, words, host, hotspot, track, draw, button }) => {
  const kind = action.kind || "choice", scale = SCALES[kind], key = `poll ${host.config.video.id} ${hotspot.raw.id}`;
  const [first, last, low, high] = scale || [], number = new Intl.NumberFormat(host.tag);
  const answers = scale ? Array.from({ length: last - first + 1 }, (_, index) => ({ id: String(first + index), title: number.format(first + index), score: first + index })) : action.answers;
  // A file may have other answers by now.
  const kept = choices(() => host.line.state?.()), given = () => answers.find(({ id }) => id == kept.get(key))?.id;

  return {
    title: action.question,
    question: true,
    tree: () => {
      const chosen = given();
      return [
        ["div", { class: scale ? "scale " + kind : "answers", role: "group", "aria-labelledby": "title", "aria-describedby": scale ? "ends" : null },
          ...answers.map(({ id, title }, index) => button("choice" + (chosen == id ? " chosen" : ""), "answer", { part: "answer" + (chosen == id ? " chosen" : ""), "data-index": index, "aria-pressed": "" + (chosen == id),
            "aria-disabled": chosen != null && "true" }, title))],
        scale && ["p", { class: "ends", id: "ends" }, ["span", {}, number.format(first) + " = " + words[low]], ["span", {}, number.format(last) + " = " + words[high]]],
        ["p", { part: "status", class: "status quiet", role: "status" }, chosen != null && (action.thanks?.trim() || words.poll_thanks)]];
    },

    answer(control) {
      const answer = answers[control.dataset.index];
      if (given() != null || !answer) return;
      kept.set(key, answer.id);
      track("poll_answered", { kind, answer: answer.id, score: answer.score });
      draw();
    },
  };
};
