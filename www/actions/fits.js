// Whether an action is what the decoder's table (src/config/table.rs) has for it. What is wrong, and what to use instead, is
// said by `vitrine-check.mjs`, which is loaded then.
const text = (value) => typeof value == "string" && value.length <= 5000;
const full = (value) => text(value) && value.trim() != "";
const link = (value) => text(value) && (!value.trim() || !/[\u0000-\u001f\u007f\\]/.test(value.trim()) && !/^(?!https?:)[a-z][a-z\d+.-]*:/i.test(value.trim()));
const kind = (value) => /^(choice|satisfaction|recommendation)$/.test(value);
const answers = (value) => Array.isArray(value) && value.length >= 2 && value.length <= 6 && value.every((one) => one !== null && typeof one == "object" && full(one.id) && full(one.title))
  && new Set(value.map(({ id }) => id)).size == value.length;

const KINDS = { url: link, title: text, text, code: text, consent: text, consent_url: link, question: text, kind, answers, thanks: text };
const NEEDED = { coupon: ["code"], lead: ["url", "consent"], poll: ["question"] };

export const ACTIONS = /^(coupon|lead|poll)$/;

export default (action) => Object.entries(KINDS).every(([key, fits]) => action[key] == null || fits(action[key])) && NEEDED[action.type].every((key) => full(action[key]))
  && (action.type != "poll" || (action.kind ?? "choice") != "choice" || answers(action.answers));
