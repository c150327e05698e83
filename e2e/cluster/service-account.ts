import { expect } from "playwright/test";
import { z } from "zod";
import { KubeApi } from "#e2e/kube-api.ts";
import { grantReading } from "./reader-role.ts";

/** The audit log takes users of such namespaces for ours. */
const namespace = "inflight-sign-in";
const account = "reader";
const path = `/api/v1/namespaces/${namespace}`;
const issued = z.object({ status: z.object({ token: z.string() }) });

/** Somebody who signs in with tokens that can be taken back one by one: each is bound to a Secret. */
export class ServiceAccount {
  readonly #admin: KubeApi;
  readonly #kubeconfig: string;
  #count = 0;
  readonly #secrets = new Map<string, string>();

  private constructor(admin: KubeApi, kubeconfig: string) {
    this.#admin = admin;
    this.#kubeconfig = kubeconfig;
  }

  /** One that may read. */
  static async create(admin: KubeApi, kubeconfig: string): Promise<ServiceAccount> {
    await admin.createNamespace(namespace);
    await admin.request("POST", `${path}/serviceaccounts`, { metadata: { name: account } });
    await grantReading(admin, `system:serviceaccount:${namespace}:${account}`);
    return new ServiceAccount(admin, kubeconfig);
  }

  /** A token that is accepted. */
  async token(): Promise<string> {
    const name = `bound-${Date.now()}-${this.#count++}`;
    await this.#admin.request("POST", `${path}/secrets`, { metadata: { name } });
    const answer = await this.#admin.request("POST", `${path}/serviceaccounts/${account}/token`, {
      spec: { expirationSeconds: 3600, boundObjectRef: { apiVersion: "v1", kind: "Secret", name } },
    });
    const { token } = issued.parse(answer).status;
    this.#secrets.set(token, name);
    await expect.poll(() => this.#statusWith(token)).toBe(200);
    return token;
  }

  /** Answers when the API server refuses it: it believes for some seconds what it has looked up. */
  async revoke(token: string): Promise<void> {
    await this.#admin.request("DELETE", `${path}/secrets/${this.#secrets.get(token) ?? ""}`);
    await expect.poll(() => this.#statusWith(token)).toBe(401);
  }

  async #statusWith(token: string): Promise<number> {
    return (await new KubeApi(this.#kubeconfig, token).send("GET", "/api/v1/pods?limit=1")).status;
  }
}
