// A real shop: Vendure, in memory, with one product to sell. Prints where it listens, and what it sells, as one line of
// JSON; ends with its standard input.
"use strict";
process.env.VENDURE_DISABLE_TELEMETRY = "true";
const { bootstrap, dummyPaymentHandler, DefaultLogger, LogLevel } = require("@vendure/core");

const password = "superadmin";

const start = async () => {
  const app = await bootstrap({
    apiOptions: { port: 0, hostname: "127.0.0.1", adminApiPath: "admin-api", shopApiPath: "shop-api" },
    authOptions: { tokenMethod: ["bearer", "cookie"], superadminCredentials: { identifier: "superadmin", password }, cookieOptions: { secret: "of a test" } },
    dbConnectionOptions: { type: "sqljs", synchronize: true, logging: false },
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    logger: new DefaultLogger({ level: LogLevel.Error, timestamp: false }),
    plugins: [],
  });
  const origin = "http://127.0.0.1:" + app.getHttpServer().address().port;
  let token;
  const admin = async (query, variables) => {
    const response = await fetch(origin + "/admin-api", { method: "POST", body: JSON.stringify({ query, variables }),
      headers: { "content-type": "application/json", ...(token && { authorization: "Bearer " + token }) } });
    token = response.headers.get("vendure-auth-token") || token;
    const { data, errors } = await response.json();
    if (errors) throw new Error(query + ": " + JSON.stringify(errors));
    return Object.values(data)[0];
  };
  await admin(`mutation { login(username: "superadmin", password: "${password}") { __typename } }`);
  const zone = await admin(`mutation { createZone(input: { name: "Here" }) { id } }`);
  const category = await admin(`mutation { createTaxCategory(input: { name: "Standard", isDefault: true }) { id } }`);
  await admin(`mutation ($zone: ID!, $category: ID!) { createTaxRate(input: { name: "VAT", enabled: true, value: 20, zoneId: $zone, categoryId: $category }) { id } }`,
    { zone: zone.id, category: category.id });
  const [channel] = (await admin(`{ channels { items { id } } }`)).items;
  await admin(`mutation ($id: ID!, $zone: ID!) { updateChannel(input: { id: $id, defaultTaxZoneId: $zone, defaultShippingZoneId: $zone, pricesIncludeTax: true, defaultCurrencyCode: EUR, availableCurrencyCodes: [EUR] }) { __typename ... on Channel { id } } }`,
    { id: channel.id, zone: zone.id });
  const product = await admin(`mutation { createProduct(input: { enabled: true, translations: [{ languageCode: en, name: "Brass lamp", slug: "lamp", description: "" }] }) { id } }`);
  const [variant] = await admin(`mutation ($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id } }`,
    { input: [{ productId: product.id, sku: "LAMP", price: 9900, taxCategoryId: category.id, stockOnHand: 2, trackInventory: "TRUE",
      translations: [{ languageCode: "en", name: "Brass lamp" }] }] });
  console.log(JSON.stringify({ origin, variant: variant.id }));
};

process.stdin.on("end", () => process.exit(0)).resume();
start().catch((error) => {
  console.error(error);
  process.exit(1);
});
