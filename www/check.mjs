// `vitrine-check.mjs`: says what is wrong with a hotspot file. Loaded where something is.
import init, { check as decode } from "./check/vitrine-check.js";

let ready;

// Resolves to `{ message, problems }`.
export const check = async (file) => {
  await (ready ||= init());
  const problems = decode(file).split("\x02").filter((entry) => entry).map((entry) => {
    const [message, severity, path, found, allowed] = entry.split("\x01");
    return { message, severity, path, found, allowed };
  });
  // All that is right for a file, and not for what the core gets.
  if (!problems.length) return { message: 'setConfig() takes a list of products, not where they come from. Give attach() a file with "from", or setConfig() the products.', problems };
  const more = problems.length - 1;
  return { message: problems[0].message + (more > 0 ? ` And ${more} more: listen to vitrine:error for all.` : ""), problems };
};
