// A product's address with what the page there has to know.
import { carry } from "./journey.js";
import { texts } from "./words.js";

// The address for an event of this host; the page's own words go before ours.
export const landing = ({ config, line }, href, event) => {
  const url = new URL(href, document.baseURI), campaign = texts(config.campaign), item = event.items?.[0];
  if (!/^https?:$/.test(url.protocol) || !item || href.startsWith("#") || url.href.split("#")[0] == location.href.split("#")[0]) return href;
  const more = { utm_source: campaign.source || "vitrine", utm_medium: campaign.medium || "shoppable_video", utm_campaign: campaign.name || event.video_id,
    utm_content: event.hotspot_id, vitrine: line.state?.() == "granted" && carry({ ...event, event_id: event.cause || event.id }, item.item_id) };
  for (const [name, text] of Object.entries(more)) if (text && !url.searchParams.has(name)) url.searchParams.set(name, text);
  return url.href;
};
