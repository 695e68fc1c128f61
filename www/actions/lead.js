// Name and e-mail, with the viewer's consent, to an endpoint of the shop's. Nothing of it is in any event.

const PATIENCE = 15e3, LONGEST = 200;

export default ({ action, words, host, hotspot, track, draw, button }) => {
  const given = { name: "", email: "", consent: false };
  let state = "", faults = {};

  const field = (name, attributes) => {
    const fault = faults[name];
    return ["div", { class: "field" },
      ["label", { for: "lead-" + name }, words["lead_" + name]],
      ["input", { id: "lead-" + name, name, part: "field", maxlength: LONGEST, readonly: state == "sending" && "", "aria-invalid": fault && "true", "aria-describedby": fault && "fault-" + name, ...attributes }],
      fault && ["p", { class: "fault", id: "fault-" + name }, words[fault]]];
  };
  const focus = (name) => host.layer.querySelector(`#lead-${name}`)?.focus({ preventScroll: true });

  const read = (form) => {
    const { name, email, consent } = form.elements;
    Object.assign(given, { name: name.value.trim(), email: email.value.trim(), consent: consent.checked });
    faults = {};
    // The browser's own idea of an address, and a domain with a dot.
    if (!given.email || !email.validity.valid || !/^\S+@\S+\.\S+$/.test(given.email)) faults.email = "lead_email_wrong";
    if (!given.consent) faults.consent = "lead_consent_wrong";
  };

  return {
    title: words.lead_title,
    // All of the form at once, and what is wrong with it.
    height: 440,
    tree: () => state == "sent" ? [["p", { part: "status", class: "thanks", role: "status", tabindex: -1 }, action.thanks?.trim() || words.lead_thanks]] : [
      ["form", { class: "form", novalidate: "", "data-deed": "send" },
        field("name", { autocomplete: "name", type: "text" }),
        field("email", { autocomplete: "email", type: "email", inputmode: "email", required: "" }),
        ["div", { class: "field" },
          ["div", { class: "tick" },
            ["input", { id: "lead-consent", name: "consent", type: "checkbox", required: "", "aria-invalid": faults.consent && "true", "aria-describedby": faults.consent && "fault-consent" }],
            ["label", { for: "lead-consent" }, action.consent, " ", action.consent_url?.trim() && ["a", { href: action.consent_url, target: "_blank", rel: "noopener" }, words.lead_policy]]],
          faults.consent && ["p", { class: "fault", id: "fault-consent" }, words[faults.consent]]],
        ["div", { class: "buttons" },
          ["button", { class: "primary", part: "send", type: "submit", "aria-disabled": state == "sending" && "true", "aria-busy": state == "sending" && "true" }, words[state == "sending" ? "lead_sending" : "lead_send"]]],
        ["p", { part: "status", class: "status", role: "alert" }, state == "failed" ? words.lead_failed : state == "offline" && words.cart_offline]]],

    async send(form) {
      if (state == "sending") return;
      read(form);
      state = "";
      const [wrong] = Object.keys(faults);
      if (wrong) {
        draw();
        return focus(wrong);
      }
      state = "sending";
      draw();
      const abort = new AbortController(), timer = setTimeout(() => abort.abort(), PATIENCE);
      let status;
      try {
        const { video: { id } } = host.config;
        const response = await fetch(action.url, { method: "POST", signal: abort.signal, headers: { "content-type": "application/json", accept: "application/json" },
          body: JSON.stringify({ name: given.name, email: given.email, consent: { given: true, text: action.consent, time: new Date().toISOString() }, video_id: id, hotspot_id: hotspot.raw.id, page_url: location.href }) });
        ({ status } = response);
        state = response.ok ? "sent" : "failed";
      } catch {
        state = navigator.onLine === false ? "offline" : "failed";
      }
      clearTimeout(timer);
      if (state == "sent") track("generate_lead");
      else {
        console.warn(`vitrine: hotspot "${hotspot.raw.id}": the lead could not be sent to ${action.url} (${status ? "it answered " + status : "no answer"}). It must answer 2xx to a POST of JSON; from another origin it needs CORS, and the CSP's connect-src.`);
        track("lead_failed", { failure: state == "offline" ? state : status ? "refused" : "network", status });
      }
      draw();
      if (state == "sent") host.layer.querySelector(".thanks")?.focus({ preventScroll: true });
    },
  };
};
