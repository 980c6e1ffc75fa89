// Builds the app on the phone: one page, one script, a service worker that keeps both. Nothing is fetched from elsewhere.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "/field/",
  resolve: {
    // The twin of the vault lies in assets/js; it must find the same libsodium as the app.
    alias: {
      "@vault": here("../assets/js/vault"),
      "libsodium-wrappers": here("node_modules/libsodium-wrappers/dist/modules-esm/libsodium-wrappers.mjs"),
    },
  },
  plugins: [
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "sw.ts",
      injectRegister: null,
      manifest: false, // the server gives it: name and icon are the worker's choice
      injectManifest: {
        globPatterns: ["**/*.{js,css,html,wasm,svg,png}"],
        maximumFileSizeToCacheInBytes: 4 * 2 ** 20,
        rollupFormat: "iife",
      },
    }),
  ],
  build: {
    target: "es2022",
    outDir: here("../src/lygte/site/built/field"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    sourcemap: false,
    modulePreload: { polyfill: false },
  },
});
