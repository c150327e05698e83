export { diagnosisReportOf } from "./report.ts";
