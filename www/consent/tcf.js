// IAB Transparency and Consent Framework 2.2: `__tcfapi` with addEventListener.
// Needed are purpose 1 (store and access information on a device) and purpose 8 (measure content performance).

export default (set) => {
  const api = window.__tcfapi;
  if (!api) throw new Error("the page has no __tcfapi; load the consent manager before the overlay");
  let id;
  api("addEventListener", 2, (data, success) => {
    if (!success) return;
    id = data.listenerId;
    if (data.gdprApplies === false) return set("granted");
    if (data.eventStatus != "tcloaded" && data.eventStatus != "useractioncomplete") return set("required");
    const { consents = {}, legitimateInterests = {} } = data.purpose || {};
    set(consents[1] && (consents[8] || legitimateInterests[8]) ? "granted" : "denied");
  });
  return () => api("removeEventListener", 2, () => {}, id);
};
