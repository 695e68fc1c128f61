import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [vue()],
  // Found below any path.
  base: "./",
  // The film and its hotspot file: a shop has its own.
  publicDir: "../../demo",
  build: { copyPublicDir: false },
});
