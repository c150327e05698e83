import { KubeConfig } from "@kubernetes/client-node";
import { Agent, request } from "undici";
import type { JsonObject } from "#lib/protocol/index.ts";
import { textAt } from "../storage/api-object.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: JsonObject;
}

interface Asked {
  readonly body?: JsonObject | readonly JsonObject[] | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Speaks to a server as its kubeconfig says, in plain HTTP words: what a test sees is what came over the wire. */
export class ApiClient {
  readonly authority: string;
  readonly #server: string;
  readonly #token: string;
  readonly #agent: Agent;
  readonly #watches = new Set<WatchReader>();

  constructor(kubeconfig: string) {
    const config = new KubeConfig();
    config.loadFromString(kubeconfig);
    this.#server = config.getCurrentCluster()?.server ?? "";
    this.#token = config.getCurrentUser()?.token ?? "";
    this.authority = Buffer.from(config.getCurrentCluster()?.caData ?? "", "base64").toString();
    this.#agent = new Agent({ connect: { ca: this.authority } });
  }

  async ask(method: string, path: string, { body, headers = {} }: Asked = {}): Promise<Answer> {
    const answer = await request(this.#server + path, {
      method: method as "GET",
      dispatcher: this.#agent,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.body.text();
    const parsed = text.startsWith("{") ? (JSON.parse(text) as JsonObject) : { text };
    return { status: answer.statusCode, headers: answer.headers, body: parsed };
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask("GET", path, { headers });
  }

  post(path: string, body: JsonObject): Promise<Answer> {
    return this.ask("POST", path, { body });
  }

  put(path: string, body: JsonObject): Promise<Answer> {
    return this.ask("PUT", path, { body });
  }

  patch(path: string, kind: "json" | "merge" | "strategic-merge", body: JsonObject | readonly JsonObject[]) {
    return this.ask("PATCH", path, { body, headers: { "content-type": `application/${kind}-patch+json` } });
  }

  delete(path: string, body?: JsonObject): Promise<Answer> {
    return this.ask("DELETE", path, body === undefined ? {} : { body });
  }

  /** Opens a watch; `path` has the query, but for `watch`. */
  async watch(path: string, headers: Readonly<Record<string, string>> = {}): Promise<WatchReader> {
    const answer = await request(`${this.#server}${path}${path.includes("?") ? "&" : "?"}watch=true`, {
      dispatcher: this.#agent,
      headers: { authorization: `Bearer ${this.#token}`, ...headers },
      bodyTimeout: 0,
    });
    const reader = new WatchReader(answer.statusCode, answer.body);
    this.#watches.add(reader);
    return reader;
  }

  async close(): Promise<void> {
    for (const watch of this.#watches) watch.close();
    await this.#agent.destroy();
  }
}

export interface Frame {
  readonly type: string;
  readonly object: JsonObject & { readonly metadata: JsonObject };
}

/** The frames of one watch, in order. */
export class WatchReader {
  readonly status: number;
  readonly #body: AsyncIterator<Buffer> & { destroy?(): unknown };
  readonly #close: () => void;
  #text = "";

  constructor(status: number, body: AsyncIterable<Buffer> & { destroy(): unknown }) {
    this.status = status;
    this.#body = body[Symbol.asyncIterator]();
    this.#close = () => body.destroy();
  }

  /** The next frame; `undefined` at the end of the stream, however it came. */
  async next(): Promise<Frame | undefined> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return JSON.parse(line) as Frame;
      }
      const chunk = await this.#body.next().catch(() => ({ done: true as const, value: undefined }));
      if (chunk.done === true) return undefined;
      this.#text += chunk.value.toString();
    }
  }

  async take(count: number): Promise<readonly Frame[]> {
    const frames: Frame[] = [];
    for (; count > 0; count--) {
      const frame = await this.next();
      if (frame === undefined) throw new Error(`the stream ended ${count} frames early`);
      frames.push(frame);
    }
    return frames;
  }

  close(): void {
    this.#close();
  }
}

/** `ADDED web-1`, for asserting a whole sequence at once. */
export function summary({ type, object }: Frame): string {
  return `${type} ${textAt(object, "metadata", "name")}`.trim();
}
