// Attaches Vitrine to the videos of the shortcode, and sells into WooCommerce's cart by its Store API:
// https://developer.woocommerce.com/docs/apis/store-api/resources-endpoints/cart/
for (const video of document.querySelectorAll("video[data-vitrine]")) {
  const { vitrine, hotspots, collector, cartAdd, cartNonce, checkout } = video.dataset;

  const cart = async ({ type, items }) => {
    for (const { platform_id, quantity } of items) {
      const response = await fetch(cartAdd, {
        method: "POST",
        headers: { "content-type": "application/json", nonce: cartNonce },
        body: JSON.stringify({ id: Number(platform_id), quantity }),
      });
      // WooCommerce says in the shop's language why not: sold out, most often.
      if (!response.ok) return { ok: false, reason: (await response.json()).message };
    }
    // Here a theme also refreshes its mini-cart.
    return { ok: true, checkout_url: type === "buy_now" ? checkout : undefined };
  };

  const start = async () => {
    try {
      const folder = new URL(vitrine.replace(/\/?$/, "/"), document.baseURI);
      const { attach } = await import(new URL("vitrine.mjs", folder).href);
      await attach(video, { config: hotspots, collector: collector || undefined, cart });
    } catch (error) {
      // The video plays on without products.
      console.warn(error.message);
    }
  };

  // Nothing is fetched before the viewer comes near.
  const near = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    near.disconnect();
    start();
  }, { rootMargin: "50%" });
  near.observe(video);
}
