// Any shop with JSON over HTTP, GraphQL included: `cart` of the hotspot file describes its requests and answers.
import { Failure, kindOf, open } from "./common.js";
import { texts } from "../words.js";
import { at, filled } from "./text.js";

// A shop's own word for what went wrong.
const KINDS = [[/stock|inventory|sold|quantity/i, "sold_out"], [/auth|forbidden|sign|login/i, "not_signed_in"], [/plan|subscription/i, "needs_plan"], [/variant|product|sku|not_?found/i, "invalid_variant"]];

export default open((settings, { ask, keep }) => {
  // A session's token goes back to where it came from, and nowhere else.
  const sessions = {}, sessionOf = (url) => {
    const { origin } = new URL(url, document.baseURI);
    return sessions[origin] ||= keep("session " + origin);
  };
  const run = async (request, data) => {
    const { token_header: name, method = request.body == null ? "GET" : "POST" } = request;
    const url = filled(request.url, data, (part) => encodeURIComponent(part)), session = sessionOf(url), token = session.get();
    const reply = await ask(url, { method, ...(request.body != null && { json: filled(request.body, data) }), credentials: name ? "same-origin" : "include",
      headers: { ...filled(texts(request.headers), data), ...(name && token && { authorization: "Bearer " + token }) } });
    const fresh = name && reply.header(name);
    if (fresh) session.set(fresh);
    const { success, message, code, quantity, count, lines, line_id = "/id", line_product = line_id, line_quantity = "/quantity" } = request.answer || {};
    // Nothing at all may be a yes; words where JSON was described are none.
    const right = reply.ok && !(reply.isPage && request.answer) && (success ? ![undefined, null, false].includes(at(reply.data, success)) : true);
    const taken = Number(at(reply.data, quantity) ?? NaN), total = Number(at(reply.data, count) ?? NaN), list = at(reply.data, lines);
    const cart = { added: taken == taken && data.quantity ? taken : undefined, cart_count: total == total ? total : undefined, lines: Array.isArray(list) ? list.map((one) =>
      ({ key: String(at(one, line_id)), id: String(at(one, line_product)), quantity: Number(at(one, line_quantity)) })) : undefined };
    const failure = right ? undefined : new Failure(reply.status == 401 || reply.status == 403 ? "not_signed_in" : kindOf(String(at(reply.data, code)), KINDS) || (taken == 0 ? "sold_out" : "other"), at(reply.data, message));
    return { cart, failure };
  };
  // Changes a line. The cart is read again, unless it cannot be and the answer has it.
  const turn = async (request, data) => {
    const { cart, failure } = await run(request, data);
    if (failure) throw failure;
    return !settings.read && cart.lines ? cart : undefined;
  };

  return {
    // A shop that cannot be read is believed.
    read: async () => {
      if (!settings.read) return;
      const { cart, failure } = await run(settings.read, {});
      if (failure?.failure == "not_signed_in") throw failure;
      return failure ? { lines: [], cart_count: 0 } : { ...cart, lines: cart.lines || [] };
    },
    add: async (lines) => {
      let sum, last;
      for (const { product, variant, quantity, id, properties } of lines) {
        const { cart, failure } = await run(settings.add, { product, variant: { ...product, ...variant }, quantity, id, video: { id: properties._vitrine_video },
          hotspot: { id: properties._vitrine_hotspot }, session: { id: properties._vitrine_session } });
        if (failure) {
          // The shop says how much it took, unless its cart can be compared.
          if (!settings.read) failure.cart = cart;
          throw failure;
        }
        if (cart.added != null) sum = (sum || 0) + cart.added;
        last = cart;
      }
      // Its cart can be compared, unless it said itself how much it took.
      return settings.read && !last.lines ? undefined : { ...last, added: sum };
    },
    remove: async (key) => {
      if (!settings.remove) throw new Failure("other");
      return turn(settings.remove, { line: { id: key } });
    },
    ...(settings.update && { change: (key, quantity) => turn(settings.update, { line: { id: key }, quantity }) }),
    checkout: () => settings.checkout,
  };
});

export { line } from "./common.js";
