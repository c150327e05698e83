import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { DecodeError } from "#lib/informer/index.ts";
import { isLoopback } from "./environment-proxy.ts";

const chunkSize = 256 * 1024;

/**
 * What to ask for. Pods compress to a fifteenth: 50 MB are 3.3 MB on the wire, and taking them apart costs 50 ms on
 * another thread, so a list over a network comes sooner. On this machine it comes later, and a watch is not compressed
 * by API servers.
 */
export function acceptEncoding(server: URL, isStream: boolean): "gzip" | "identity" {
  return isStream || isLoopback(server) ? "identity" : "gzip";
}

/** @throws DecodeError for an encoding that was not asked for */
export function decoded(body: Readable, encoding: string | undefined): Readable {
  switch (encoding?.toLowerCase()) {
    case undefined:
    case "identity":
      return body;
    case "gzip": {
      const unzipped = createGunzip({ chunkSize });
      // Whichever of them ends too early ends the other one; whoever reads hears why.
      pipeline(body, unzipped, () => {});
      return unzipped;
    }
    default:
      throw new DecodeError(`the answer is encoded as ${encoding}, which nobody asked for`);
  }
}
