export { createServer, PortTakenError, type InflightServer, type Listening, type ServerOptions } from "./server.ts";
