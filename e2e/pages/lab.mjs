// The module as a bundler's user has it, within a test's reach.
import { attach } from "/vitrine/vitrine.mjs";

window.lab = { attach, overlays: [] };
