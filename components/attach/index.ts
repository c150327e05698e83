export { AttachView } from "./attach-view.tsx";
