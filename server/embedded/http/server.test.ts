import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { startTestCluster } from "../testing/test-cluster.ts";

it("stops while a client watches, and while another has not yet said anything in TLS", async () => {
  const cluster = await startTestCluster();
  const watch = await cluster.client.watch("/api/v1/pods");
  const silent = connect(Number(new URL(cluster.server).port), "127.0.0.1");
  const spoken = connect(Number(new URL(cluster.server).port), "127.0.0.1");
  await Promise.all([once(silent, "connect"), once(spoken, "connect")]);
  // The beginning of a handshake whose end never comes.
  spoken.write(Buffer.from("16030102000100", "hex"));
  const closed = Promise.all(
    [silent, spoken].map((socket) =>
      once(
        socket.on("error", () => {}),
        "close",
      ),
    ),
  );
  // The server knows of a connection when it has answered on one that came later.
  await cluster.client.get("/version");
  await cluster.stop();
  await closed;
  expect(await watch.next()).toBeUndefined();
});
