// As https://docs.snowplow.io says: POST, the queue in localStorage, the media plugin. What is not the default: texts
// are sent as they are (the bench has to read them), and no cookies go along (the collector's origin is `*`).

import { newTracker } from "@snowplow/browser-tracker";
import { SnowplowMediaPlugin, startMediaTracking, trackMediaPlay } from "@snowplow/browser-plugin-media";

export const start = ({ collector = location.origin, header }) => {
  newTracker("sp", new URL(collector).origin, {
    appId: "shop", encodeBase64: false, credentials: "omit", plugins: [SnowplowMediaPlugin()],
    ...(header && { customHeaders: { authorization: header } }),
  });
  startMediaTracking({ id: "clip", player: { label: "clip", duration: 6 } });
  return (kind, data) => trackMediaPlay({
    id: "clip", context: [{ schema: "iglu:com.example/made/jsonschema/1-0-0", data: { kind, ...data } }],
  });
};
