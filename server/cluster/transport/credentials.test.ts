import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { describeProblem, KubeTransport, type ExchangeOptions } from "./index.ts";
import { accessOf, inBase64 } from "./testing/access.ts";
import { Authority, type Issued } from "./testing/certificates.ts";
import { ScriptedServer, sendJson, type Seen } from "./testing/scripted-server.ts";

let authority: Authority;
let server: ScriptedServer;
let joe: Issued;
let directory: string;
let clock: FakeClock;
const open: KubeTransport[] = [];

beforeAll(async () => {
  authority = await Authority.create("test");
  joe = await authority.issue("joe");
  server = await ScriptedServer.start(
    await authority.issue("server", [{ type: "ip", value: "127.0.0.1" }]),
    authority.pem,
  );
});
afterAll(() => server.stop());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "credentials-"));
  clock = new FakeClock(Date.now());
});
afterEach(async () => {
  for (const transport of open.splice(0)) await transport.close();
  rmSync(directory, { recursive: true, force: true });
});

function transportOf(user: unknown, more: Partial<ExchangeOptions> = {}, cluster: object = {}): KubeTransport {
  const access = accessOf(
    { server: server.url, "certificate-authority-data": inBase64(authority.pem), ...cluster },
    user,
    directory,
  );
  const transport = new KubeTransport(access, {
    clock,
    environment: { PATH: process.env["PATH"], INHERITED: "yes" },
    isExecApproved: () => true,
    userAgent: "test",
    ...more,
  });
  open.push(transport);
  return transport;
}

/** Lets in who `isAllowed` says. */
function guard(isAllowed: (seen: Seen) => boolean): void {
  server.answers((seen, response) => {
    if (isAllowed(seen)) sendJson(response, { gitVersion: "v1.36.3" });
    else sendJson(response, { kind: "Status", code: 401, reason: "Unauthorized", message: "Unauthorized" }, 401);
  });
}

const authorizations = () => server.seen.map(({ headers }) => headers.authorization);

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a failure");
}

const file = (name: string, content: string) => {
  // As kubelet does: in one step.
  writeFileSync(join(directory, `${name}.new`), content);
  renameSync(join(directory, `${name}.new`), join(directory, name));
};

describe("what is fixed", () => {
  beforeEach(() => guard(() => true));

  it.each([
    [{ token: "t" }, "Bearer t"],
    [{ username: "u", password: "p" }, `Basic ${inBase64("u:p")}`],
    [{}, undefined],
  ])("%j is sent", async (user, authorization) => {
    await transportOf(user).serverVersion();
    expect(authorizations()).toEqual([authorization]);
  });

  it("a client certificate is shown, from data and from files", async () => {
    file("cert.pem", joe.certificate);
    file("key.pem", joe.key);
    await transportOf({ "client-certificate": "cert.pem", "client-key": "key.pem" }).serverVersion();
    await transportOf({
      "client-certificate-data": inBase64(joe.certificate),
      "client-key-data": inBase64(joe.key),
    }).serverVersion();
    expect(server.seen.map(({ client }) => client)).toEqual(["joe", "joe"]);
  });

  it("another identity is asked for", async () => {
    await transportOf({
      token: "t",
      as: "eve",
      "as-groups": ["a", "b"],
      "as-user-extra": { "x/y": ["1"] },
    }).serverVersion();
    expect(server.seen[0]?.headers).toMatchObject({
      "impersonate-user": "eve",
      "impersonate-group": "a, b",
      "impersonate-extra-x%2fy": "1",
    });
  });

  it("a file that is not there is named", async () => {
    const error = await failureOf(transportOf({ tokenFile: "none" }).serverVersion());
    expect(describeProblem(error)).toMatchObject({
      title: "Credentials unreadable",
      message: `${join(directory, "none")}, which the kubeconfig names, cannot be read (ENOENT).`,
    });
  });
});

describe("what is renewed", () => {
  it("a token file is read again after some seconds", async () => {
    guard(() => true);
    file("token", "one\n");
    const transport = transportOf({ tokenFile: "token" });
    await transport.serverVersion();
    file("token", "two\n");
    await transport.serverVersion();
    clock.set(clock.now() + 5000);
    await transport.serverVersion();
    rmSync(join(directory, "token"));
    clock.set(clock.now() + 5000);
    await transport.serverVersion();
    expect(authorizations()).toEqual(["Bearer one", "Bearer one", "Bearer two", "Bearer two"]);
  });

  it("a refused token file is read again at once, and the request repeated once", async () => {
    guard(({ headers }) => headers.authorization === "Bearer two");
    file("token", "one");
    const transport = transportOf({ tokenFile: "token" });
    expect(await failureOf(transport.serverVersion())).toMatchObject({ code: 401 });
    expect(authorizations()).toEqual(["Bearer one"]);
    file("token", "two");
    clock.set(clock.now() + 1000);
    expect(await transport.serverVersion()).toBe("v1.36.3");
    expect(authorizations()).toEqual(["Bearer one", "Bearer two"]);
  });

  it("a token that was replaced meanwhile is tried, and its refusal is final", async () => {
    guard(() => false);
    file("token", "one");
    const transport = transportOf({ tokenFile: "token" });
    server.answers((_, response) => {
      file("token", `${server.seen.length + 1}`);
      clock.set(clock.now() + 1000);
      response.writeHead(401).end();
    });
    expect(await failureOf(transport.serverVersion())).toMatchObject({ code: 401 });
    expect(authorizations()).toEqual(["Bearer one", "Bearer 2"]);
  });

  it("a replaced client certificate gets new connections; those under way go on", async () => {
    guard(() => true);
    file("cert.pem", joe.certificate);
    file("key.pem", joe.key);
    const transport = transportOf({ "client-certificate": "cert.pem", "client-key": "key.pem" });
    let finish = (): void => {};
    server.answers((_, response) => {
      response.writeHead(200, { "content-type": "text/plain" }).write("first ");
      finish = () => response.end("last");
    });
    const slow = transport.getText({ path: "/slow" });
    await expect.poll(() => server.seen.length).toBe(1);
    const ann = await authority.issue("ann");
    file("cert.pem", ann.certificate);
    file("key.pem", ann.key);
    clock.set(clock.now() + 5000);
    const finishSlow = finish;
    guard(() => true);
    await transport.serverVersion();
    expect(server.seen.map(({ client }) => client)).toEqual(["ann"]);
    finishSlow();
    expect(await slow).toBe("first last");
  });
});

describe("a sign-in command", () => {
  const apiVersion = "client.authentication.k8s.io/v1";

  /** Counts its runs in a file, and answers with what the test says, in which RUN is that number. */
  function plugin(body: string): object {
    const script = join(directory, "plugin.mjs");
    writeFileSync(
      script,
      `import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
const runs = ${JSON.stringify(join(directory, "runs"))};
appendFileSync(runs, "x");
const RUN = readFileSync(runs, "utf8").length;
const credential = (status) => process.stdout.write(JSON.stringify({ apiVersion: "${apiVersion}", kind: "ExecCredential", status }));
${body}
`,
    );
    return { exec: { apiVersion, command: process.execPath, args: [script], interactiveMode: "IfAvailable" } };
  }
  const runs = () => (existsSync(join(directory, "runs")) ? readFileSync(join(directory, "runs"), "utf8").length : 0);

  it("runs once, however many requests wait, and its answer is kept", async () => {
    guard(() => true);
    const transport = transportOf(plugin('credential({ token: "t" + RUN })'));
    await Promise.all(Array.from({ length: 10 }, () => transport.serverVersion()));
    await transport.serverVersion();
    expect(new Set(authorizations())).toEqual(new Set(["Bearer t1"]));
    expect(server.seen).toHaveLength(11);
    expect(runs()).toBe(1);
  });

  it("does not run before somebody approved exactly it", async () => {
    guard(() => true);
    const approved = new Set<string>();
    const asked: string[] = [];
    const transport = transportOf(plugin('credential({ token: "t" })'), {
      isExecApproved: (hash) => {
        asked.push(hash);
        return approved.has(hash);
      },
    });
    const error = await failureOf(transport.serverVersion());
    expect(error).toMatchObject({ name: "ExecNotApprovedError", hash: asked[0] });
    expect(describeProblem(error)).toMatchObject({
      code: "exec-not-approved",
      message: `Signing in runs ${process.execPath} ${join(directory, "plugin.mjs")}.`,
    });
    expect([runs(), server.seen.length]).toEqual([0, 0]);
    approved.add(asked[0] ?? "");
    expect(await transport.serverVersion()).toBe("v1.36.3");
    approved.clear();
    expect(await failureOf(transport.serverVersion())).toMatchObject({ name: "ExecNotApprovedError" });
  });

  it("runs again when its answer expires", async () => {
    guard(() => true);
    const transport = transportOf(
      plugin(
        `credential({ token: "t" + RUN, expirationTimestamp: new Date(${clock.now()} + RUN * 60000).toISOString() })`,
      ),
    );
    await transport.serverVersion();
    clock.set(clock.now() + 49_000);
    await transport.serverVersion();
    clock.set(clock.now() + 2000);
    await transport.serverVersion();
    expect(authorizations()).toEqual(["Bearer t1", "Bearer t1", "Bearer t2"]);
  });

  it("runs again after a refusal, once, and then the refusal is shown", async () => {
    guard(({ headers }) => headers.authorization === "Bearer t2");
    const transport = transportOf(plugin('credential({ token: "t" + RUN })'));
    expect(await transport.serverVersion()).toBe("v1.36.3");
    expect(authorizations()).toEqual(["Bearer t1", "Bearer t2"]);
    guard(() => false);
    const error = await failureOf(transport.serverVersion());
    expect(describeProblem(error)).toMatchObject({ title: "Sign-in expired" });
    expect(authorizations()).toEqual(["Bearer t2", "Bearer t3"]);
  });

  it("that answers with what was refused is asked again by the next request, until it knows better", async () => {
    guard(({ headers }) => headers.authorization === "Bearer good");
    file("answer", "refused");
    const answer = JSON.stringify(join(directory, "answer"));
    const transport = transportOf(plugin(`credential({ token: readFileSync(${answer}, "utf8") })`));
    for (const after of [2, 3]) {
      expect(await failureOf(transport.serverVersion())).toMatchObject({ code: 401 });
      expect(runs()).toBe(after);
    }
    file("answer", "good");
    expect(await transport.serverVersion()).toBe("v1.36.3");
    expect(runs()).toBe(4);
  });

  it("runs once for requests that are refused together", async () => {
    guard(({ headers }) => headers.authorization !== "Bearer t1");
    const transport = transportOf(plugin('credential({ token: "t" + RUN })'));
    await Promise.all(Array.from({ length: 5 }, () => transport.serverVersion()));
    expect(runs()).toBe(2);
  });

  it("may answer with a client certificate", async () => {
    guard(() => true);
    const status = { clientCertificateData: joe.certificate, clientKeyData: joe.key };
    await transportOf(plugin(`credential(${JSON.stringify(status)})`)).serverVersion();
    expect(server.seen[0]).toMatchObject({ client: "joe" });
    expect(authorizations()).toEqual([undefined]);
  });

  it("gets its arguments as they are, its environment, and what the contract says", async () => {
    guard(() => true);
    const { exec } = plugin(
      `writeFileSync(${JSON.stringify(join(directory, "seen"))}, JSON.stringify({
        args: process.argv.slice(2), own: process.env.OWN, inherited: process.env.INHERITED,
        info: JSON.parse(process.env.KUBERNETES_EXEC_INFO) }));
      credential({ token: "t" })`,
    ) as { exec: { args: string[] } };
    const extensions = [{ name: "client.authentication.k8s.io/exec", extension: { audience: "a" } }];
    await transportOf(
      {
        exec: {
          ...exec,
          args: [...exec.args, "$(touch hacked)", "a b", "; exit 1"],
          env: [{ name: "OWN", value: "$HOME" }],
          provideClusterInfo: true,
        },
      },
      {},
      { extensions },
    ).serverVersion();
    expect(JSON.parse(readFileSync(join(directory, "seen"), "utf8"))).toEqual({
      args: ["$(touch hacked)", "a b", "; exit 1"],
      own: "$HOME",
      inherited: "yes",
      info: {
        apiVersion,
        kind: "ExecCredential",
        spec: {
          interactive: false,
          cluster: {
            server: server.url,
            "certificate-authority-data": inBase64(authority.pem),
            config: { audience: "a" },
          },
        },
      },
    });
  });

  it.each([
    [
      "fails",
      'process.stderr.write("x".repeat(9000) + "token expired, sign in again\\n"); process.exitCode = 3',
      /ended with exit code 3: ….*token expired, sign in again$/,
    ],
    ["writes no JSON", 'process.stdout.write("canary")', /is no ExecCredential/],
    [
      "answers in another version",
      'process.stdout.write(JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1beta1", kind: "ExecCredential", status: { token: "canary" } }))',
      /answered in client.authentication.k8s.io\/v1beta1/,
    ],
    ["answers with half a certificate", 'credential({ clientCertificateData: "canary" })', /half a client certificate/],
    ["answers with nothing", "credential({})", /without token and certificate/],
    [
      "never stops writing",
      'const flood = () => process.stdout.write("canary".repeat(100000), flood); flood()',
      /wrote more than/,
    ],
  ])("that %s is an error that says so, and quotes no credential", async (_, body, message) => {
    const error = await failureOf(transportOf(plugin(body)).serverVersion());
    expect(error).toMatchObject({ name: "ExecPluginError", message: expect.stringMatching(message) });
    expect(describeProblem(error)).toMatchObject({ code: "exec-failed", title: "Sign-in failed" });
    expect((error as Error).message).not.toContain("canary");
    expect((error as Error).message.length).toBeLessThan(5000);
  });

  it("that does not answer is ended, also if it does not want to be", async () => {
    const pid = join(directory, "pid");
    const transport = transportOf(
      plugin(
        `writeFileSync(${JSON.stringify(pid)}, String(process.pid)); process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)`,
      ),
      { execTimeoutMs: 1000 },
    );
    expect(await failureOf(transport.serverVersion())).toMatchObject({
      message: expect.stringContaining("within 1 s"),
    });
    const isRunning = () => {
      try {
        return process.kill(Number(readFileSync(pid, "utf8")), 0);
      } catch {
        return false;
      }
    };
    await expect.poll(isRunning, { timeout: 10_000 }).toBe(false);
  });

  it("that does not exist says how to get it; and a failure is not tried again at once", async () => {
    guard(() => true);
    const exec = { apiVersion, command: "./late", installHint: "Install it from example.com." };
    const transport = transportOf({ exec });
    expect(describeProblem(await failureOf(transport.serverVersion()))).toMatchObject({
      message: `${join(directory, "late")} was not found.`,
      hint: "Install it from example.com.",
    });
    writeFileSync(
      join(directory, "late"),
      `#!/bin/sh\necho '{"apiVersion":"${apiVersion}","kind":"ExecCredential","status":{"token":"t"}}'\n`,
    );
    chmodSync(join(directory, "late"), 0o755);
    await failureOf(transport.serverVersion());
    clock.set(clock.now() + 5000);
    expect(await transport.serverVersion()).toBe("v1.36.3");
  });

  it("that needs a terminal is not started", async () => {
    const { exec } = plugin("credential({})") as { exec: object };
    const error = await failureOf(transportOf({ exec: { ...exec, interactiveMode: "Always" } }).serverVersion());
    expect(error).toMatchObject({ message: expect.stringContaining("terminal") });
    expect(runs()).toBe(0);
  });

  it("holds nobody who has given up", async () => {
    const transport = transportOf(plugin("setInterval(() => {}, 1000)"));
    const controller = new AbortController();
    const given = failureOf(transport.serverVersion(controller.signal));
    const waiting = failureOf(transport.serverVersion());
    await expect.poll(runs).toBe(1);
    controller.abort();
    expect(await given).toMatchObject({ message: "the request was aborted" });
    await transport.close();
    expect(await waiting).toMatchObject({ name: "ExecPluginError" });
  });

  it("is ended with the transport", async () => {
    const transport = transportOf(plugin("setInterval(() => {}, 1000)"));
    const failure = failureOf(transport.serverVersion());
    await expect.poll(runs).toBe(1);
    await transport.close();
    expect(await failure).toMatchObject({ message: expect.stringContaining("nobody needs") });
  });
});
