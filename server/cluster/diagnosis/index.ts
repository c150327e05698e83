export { Diagnosis, type DiagnosisOptions, type JudgedPod } from "./diagnosis.ts";
