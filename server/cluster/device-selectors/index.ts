export { deviceSelectorCompiler } from "./compiler.ts";
