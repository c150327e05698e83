import { Duplex } from "node:stream";

/** The two ends of a connection that exists in memory only. `onTraffic` hears of everything that is sent or closed. */
export function memoryConnection(onTraffic: () => void): { readonly near: Duplex; readonly far: Duplex } {
  const near: Duplex = anEnd(() => far, onTraffic);
  const far: Duplex = anEnd(() => near, onTraffic);
  return { near, far };
}

function anEnd(other: () => Duplex, onTraffic: () => void): Duplex {
  const end = new Duplex({
    // What is sent waits in the reader's buffer, as in that of a socket.
    read: onTraffic,
    write: (chunk: Buffer, _, done) => {
      onTraffic();
      other().push(chunk);
      done();
    },
    final: (done) => {
      onTraffic();
      if (!other().destroyed) other().push(null);
      done();
    },
    destroy: (error, done) => {
      onTraffic();
      done(error);
      other().destroy(Object.assign(new Error("the other side is gone"), { code: "ECONNRESET" }));
    },
  });
  // Of a side that was left nobody wants to know.
  end.on("error", () => {});
  return end;
}
