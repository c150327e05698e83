export { Diagnosis, type JudgedPod } from "./diagnosis.ts";
