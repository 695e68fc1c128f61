// Runs the shortcode by PHP, as WordPress would in a post: node wordpress.mjs <folder to write to>
import { cp, readFile, writeFile } from "node:fs/promises";
import { getPHPLoaderModule } from "@php-wasm/node-8-3";
import { PHP, loadPHPRuntime } from "@php-wasm/universal";

const [to] = process.argv.slice(2);
const plugin = new URL("../wordpress/vitrine/", import.meta.url);

const php = new PHP(await loadPHPRuntime(await getPHPLoaderModule()));
php.mkdir("/plugin");
php.writeFile("/plugin/vitrine.php", await readFile(new URL("vitrine.php", plugin), "utf8"));
php.writeFile("/wordpress.php", await readFile(new URL("wordpress.php", import.meta.url), "utf8"));
const { text, errors, exitCode } = await php.run({ scriptPath: "/wordpress.php" });
if (exitCode || errors) throw new Error(`PHP failed: ${errors || exitCode}`);

await cp(new URL("vitrine-cart.js", plugin), `${to}/vitrine-cart.js`);
// Of WordPress's own styles, the one about videos.
await writeFile(`${to}/blocks.css`, ".wp-block-video video { width: 100%; }\n");
await writeFile(`${to}/index.html`, text);
// PHP keeps the process alive.
process.exit();
