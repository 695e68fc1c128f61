// Google Consent Mode v2: the `consent` commands of gtag in `dataLayer`; `analytics_storage` decides.
// A default of "denied" is what a page says before it has asked: events wait for the update.

export default (set) => {
  const layer = window.dataLayer ||= [], { push } = layer;
  const read = (command) => {
    if (command?.[0] != "consent") return;
    const state = command[2]?.analytics_storage;
    if (state == "granted") set("granted");
    else if (state == "denied") set(command[1] == "update" ? "denied" : "required");
  };
  [...layer].forEach(read);
  const listening = layer.push = function (...commands) {
    const pushed = push.apply(this, commands);
    commands.forEach(read);
    return pushed;
  };
  return () => {
    // Another script may have wrapped it meanwhile.
    if (layer.push == listening) layer.push = push;
  };
};
