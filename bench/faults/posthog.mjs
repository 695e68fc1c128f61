// As https://posthog.com/docs says. What is not the default: it captures nothing by itself, asks for no flags, and takes
// a headless browser for a viewer.

import posthog from "posthog-js/dist/module.no-external.js";

export const start = ({ collector = location.origin, header, unlimited }) => {
  posthog.init("phc_bench", {
    api_host: new URL(collector).origin, autocapture: false, capture_pageview: false, capture_pageleave: false,
    disable_session_recording: true, disable_surveys: true, advanced_disable_flags: true, opt_out_useragent_filter: true,
    ...(unlimited && { rate_limiting: { events_per_second: 1e3, events_burst_limit: 1e5 } }),
    ...(header && { request_headers: { authorization: header } }),
  });
  return (kind, data) => posthog.capture(kind, data);
};
