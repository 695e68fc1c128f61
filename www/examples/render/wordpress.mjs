// Runs the shortcode by PHP, as WordPress would in a post, and the order's snippet, as WooCommerce would when an order came in: node wordpress.mjs <folder to write to>
import { cp, readFile, writeFile } from "node:fs/promises";
import { getPHPLoaderModule } from "@php-wasm/node-8-3";
import { PHP, loadPHPRuntime } from "@php-wasm/universal";

const [to] = process.argv.slice(2);
const plugin = new URL("../wordpress/vitrine/", import.meta.url);

const render = async (page, part) => {
  const php = new PHP(await loadPHPRuntime(await getPHPLoaderModule()));
  php.mkdir("/plugin");
  php.writeFile(`/plugin/${part}`, await readFile(new URL(part, plugin), "utf8"));
  php.writeFile(`/${page}`, await readFile(new URL(page, import.meta.url), "utf8"));
  const { text, errors, exitCode } = await php.run({ scriptPath: `/${page}` });
  if (exitCode || errors) throw new Error(`PHP failed: ${errors || exitCode}`);
  return text;
};

await cp(new URL("vitrine-cart.js", plugin), `${to}/vitrine-cart.js`);
// Of WordPress's own styles, the one about videos.
await writeFile(`${to}/blocks.css`, ".wp-block-video video { width: 100%; }\n");
await writeFile(`${to}/index.html`, await render("wordpress.php", "vitrine.php"));
await writeFile(`${to}/order.html`, await render("wordpress-order.php", "vitrine-order.php"));
// PHP keeps the process alive.
process.exit();
