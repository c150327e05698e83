import { connect } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, fetch } from "undici";
import { readSamples } from "#server/cluster/scheduling/prometheus-text.ts";
import { expect } from "./fixtures.ts";

const pendingPods = "scheduler_pending_pods";
const handledEvents = "scheduler_event_handling_duration_seconds_count";
const lookEveryMs = 100;
const mostLooks = 5;
const onTheWay: readonly (string | undefined)[] = ["active", "backoff"];

/** What kube-scheduler says of itself, asked without the server under test between. */
export class KubeSchedulerFigures {
  readonly #url: string;
  readonly #dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  #handled = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * Until it has heard of what was done since it was at rest last, and has tried everybody whom that may help. Of some
   * changes it hears nothing, so that is waited for a little while only.
   */
  async untilRest(): Promise<void> {
    for (let looks = 1; ; looks++) {
      await sleep(lookEveryMs);
      const { isAtRest, handled } = await this.#look();
      if (!isAtRest || (handled === this.#handled && looks < mostLooks)) continue;
      this.#handled = handled;
      return;
    }
  }

  /** It signs its own certificate when it is given none. It may not listen yet. */
  async authority(): Promise<string> {
    const { hostname, port } = new URL(this.#url);
    let authority: Buffer | undefined;
    await expect
      .poll(async () => (authority = await issuerAt(hostname, Number(port)).catch((): undefined => undefined)))
      .toBeDefined();
    const lines = authority?.toString("base64").match(/.{1,64}/g) ?? [];
    return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
  }

  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  /** Whether nobody is on the way through a queue, and how many informer events it has handled so far. */
  async #look(): Promise<{ readonly isAtRest: boolean; readonly handled: number }> {
    const text = await (await fetch(this.#url, { dispatcher: this.#dispatcher })).text();
    const samples = readSamples(text, new Set([pendingPods, handledEvents]));
    const pending = (samples.get(pendingPods) ?? []).filter(({ labels }) => onTheWay.includes(labels["queue"]));
    const handled = (samples.get(handledEvents) ?? []).reduce((sum, { value }) => sum + value, 0);
    return { isAtRest: pending.every(({ value }) => value === 0), handled };
  }
}

/** The certificate that signed the one that is shown there. */
function issuerAt(host: string, port: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, rejectUnauthorized: false }, () => {
      const { issuerCertificate } = socket.getPeerCertificate(true);
      socket.destroy();
      resolve(issuerCertificate.raw);
    });
    socket.once("error", reject);
  });
}
