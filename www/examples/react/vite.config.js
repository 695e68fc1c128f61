import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // Found below any path.
  base: "./",
  // The film and its hotspot file: a shop has its own.
  publicDir: "../../demo",
  build: { copyPublicDir: false },
});
