// Shopify's Customer Privacy API: https://shopify.dev/docs/api/customer-privacy

export default (set) => {
  const shop = window.Shopify;
  if (!shop) throw new Error("the page has no window.Shopify");
  const read = () => {
    const privacy = shop.customerPrivacy;
    if (privacy.analyticsProcessingAllowed()) set("granted");
    else set(privacy.shouldShowBanner?.() && privacy.currentVisitorConsent?.().analytics === "" ? "required" : "denied");
  };
  document.addEventListener("visitorConsentCollected", read);
  if (shop.customerPrivacy) read();
  else shop.loadFeatures([{ name: "consent-tracking-api", version: "0.1" }], (error) => !error && read());
  return () => document.removeEventListener("visitorConsentCollected", read);
};
