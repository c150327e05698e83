import { applyPatch, type Problem, type TopicName, type View } from "#lib/protocol/index.ts";
import type { ClusterHandle, ViewMessage } from "./clusters.ts";
import type { Held, Subscription } from "./subscription.ts";

/** What everybody who looks at one view of one topic of one cluster has in common: it is opened once for all of them. */
export class Room {
  readonly #subscriptions = new Set<Subscription>();
  readonly #open: (listener: (message: ViewMessage) => void) => () => void;
  readonly #onClosed: () => void;
  readonly #cluster: ClusterHandle;
  /** Of the view that is open now; what an earlier one still says is not listened to. */
  #generation = 0;
  #closeView: () => void = () => {};
  /** Number of the last message of the view. */
  #viewSeq: number | undefined;
  #held: Held | undefined;
  /** Ours: it only grows, whatever the view's numbers do when a worker starts again. */
  #seq = 0;
  #closedBy: Problem | undefined;

  /** @param onClosed runs when the cluster closed the view; by then every subscription has been told. */
  constructor(cluster: ClusterHandle, topic: TopicName, view: View<TopicName>, onClosed: () => void) {
    this.#cluster = cluster;
    this.#open = (listener) => cluster.openView(topic, view, listener);
    this.#onClosed = onClosed;
  }

  get isEmpty(): boolean {
    return this.#subscriptions.size === 0;
  }

  /** What all subscriptions that are not behind have been sent. */
  get held(): Held | undefined {
    return this.#held;
  }

  isOf(cluster: ClusterHandle): boolean {
    return this.#cluster === cluster;
  }

  /** To be called once, when the room can be found by those whom the view's first message reaches. */
  start(): void {
    const generation = ++this.#generation;
    this.#viewSeq = undefined;
    const close = this.#open((message) => {
      if (generation === this.#generation) this.#receive(message);
    });
    // The view may have spoken before this line, and may have been closed or opened anew because of what it said.
    if (generation !== this.#generation) close();
    else this.#closeView = close;
  }

  /**
   * Snapshot and subscription happen without an await between them, so no delta can fall into the gap.
   *
   * @returns what leaves; leaving twice is harmless.
   */
  join(subscription: Subscription): () => void {
    if (this.#closedBy !== undefined) {
      subscription.hearClosed(this.#closedBy);
      return () => {};
    }
    this.#subscriptions.add(subscription);
    if (this.#held !== undefined) subscription.hearSnapshot(this.#held);
    return () => {
      this.#subscriptions.delete(subscription);
      subscription.end();
    };
  }

  /** Idempotent. */
  close(): void {
    this.#generation++;
    this.#closeView();
    this.#closeView = () => {};
  }

  #receive(message: ViewMessage): void {
    switch (message.kind) {
      case "snapshot":
        this.#viewSeq = message.seq;
        this.#held = { seq: ++this.#seq, value: message.value };
        for (const subscription of this.#subscriptions) subscription.hearSnapshot(this.#held);
        break;
      case "delta":
        this.#receiveDelta(message.seq, message);
        break;
      case "closed": {
        this.#closedBy = message.problem;
        const subscriptions = [...this.#subscriptions];
        this.#subscriptions.clear();
        this.close();
        for (const subscription of subscriptions) subscription.hearClosed(message.problem);
        this.#onClosed();
        break;
      }
      default:
        message satisfies never;
    }
  }

  #receiveDelta(viewSeq: number, { patch }: Extract<ViewMessage, { kind: "delta" }>): void {
    if (this.#held === undefined || this.#viewSeq === undefined || viewSeq <= this.#viewSeq) return;
    if (viewSeq > this.#viewSeq + 1) {
      this.#reopen();
      return;
    }
    this.#viewSeq = viewSeq;
    this.#held = { seq: ++this.#seq, value: applyPatch(this.#held.value, patch) };
    for (const subscription of this.#subscriptions) subscription.hearDelta(this.#seq, patch);
  }

  /** A gap has one answer: a new snapshot. Until it comes, later joiners still get the last whole value. */
  #reopen(): void {
    this.#closeView();
    this.#closeView = () => {};
    this.start();
  }
}
