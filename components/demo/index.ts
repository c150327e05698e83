export { DemoView } from "./demo-view.tsx";
