export { CelFilter, type CelStop } from "./cel-filter.ts";
export { CelProblem } from "./cel-problem.ts";
