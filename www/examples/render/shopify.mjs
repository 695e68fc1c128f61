// Renders the section by LiquidJS, as Shopify would with these settings: node shopify.mjs <folder to write to>
import { cp, readFile, writeFile } from "node:fs/promises";
import { Liquid } from "liquidjs";

const [to] = process.argv.slice(2);
const theme = new URL("../shopify/", import.meta.url);

const liquid = new Liquid({ strictFilters: true, strictVariables: true });
liquid.registerFilter("asset_url", (name) => `assets/${name}`);

// What is between these tags is no Liquid: Shopify puts the styles into a file, and makes a form of the schema.
const raw = {};
for (const name of ["schema", "stylesheet"]) {
  liquid.registerTag(name, {
    parse(tag, tokens) {
      raw[name] = "";
      for (let token = tokens.shift(); token.name !== `end${name}`; token = tokens.shift()) raw[name] += token.getText();
    },
    render: () => "",
  });
}

const section = await liquid.parseAndRender(await readFile(new URL("sections/shoppable-video.liquid", theme), "utf8"), {
  section: {
    id: "template--17--shoppable_video",
    settings: {
      video: { sources: [{ url: "/media/spring.webm", mime_type: "video/webm" }, { url: "/media/spring.mp4", mime_type: "video/mp4" }] },
      hotspots_url: "/e2e/made.json",
      vitrine_url: "/vitrine",
      collector_url: "/events",
    },
  },
  routes: { cart_add_url: "/cart/add" },
});
JSON.parse(raw.schema);

await cp(new URL("assets/", theme), `${to}/assets`, { recursive: true });
await writeFile(`${to}/section.css`, raw.stylesheet);
await writeFile(`${to}/index.html`, `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>A page of a shop</title>
<link rel="stylesheet" href="section.css">
</head>
<body>
${section}
</body>
</html>
`);
