import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { contentSecurityPolicy, inlineScriptHashes } from "./security-headers.ts";

interface Served {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
  readonly isCompressible: boolean;
  brotli?: Promise<Buffer>;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const compress = promisify(brotliCompress);
const smallestCompressed = 1024;

/**
 * The built user interface, read whole at the start: a path is looked up in a table and never becomes a file name, so
 * none leads out of the directory, and a new build in the same place cannot mix with the one that is being served.
 */
export class StaticExport {
  readonly #files = new Map<string, Served>();

  constructor(directory: string) {
    for (const file of filesUnder(directory)) {
      this.#files.set(`/${relative(directory, file).split(sep).join("/")}`, served(file));
    }
  }

  /** No interface was built, or not into this directory. */
  get isEmpty(): boolean {
    return this.#files.size === 0;
  }

  /** Answers a request of a signed-in reader. `/queue` is `queue.html`, and what does not exist is `404.html`. */
  async serve(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const name = path.replace(/\/+$/, "");
    const found = this.#files.get(path) ?? this.#files.get(`${name}.html`) ?? this.#files.get(`${name}/index.html`);
    const file = found ?? this.#files.get("/404.html");
    if (file === undefined) {
      response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" }).end("There is no such page.\n");
      return;
    }
    if (found !== undefined && request.headers["if-none-match"] === file.etag) {
      // Its headers replace those that the browser keeps with the page: with a general policy the page would stay blank.
      const { "Content-Type": _, ...headers } = file.headers;
      response.writeHead(304, { ...headers, ETag: file.etag }).end();
      return;
    }
    const isBrotli = file.isCompressible && /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
    const body = isBrotli ? await brotliOf(file) : file.body;
    response.writeHead(found === undefined ? 404 : 200, {
      ...file.headers,
      ETag: file.etag,
      "Content-Length": body.length,
      ...(isBrotli ? { "Content-Encoding": "br" } : {}),
    });
    response.end(request.method === "HEAD" ? undefined : body);
  }
}

/** Once for each file, when it is first asked for. */
function brotliOf(file: Served): Promise<Buffer> {
  file.brotli ??= compress(file.body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  return file.brotli;
}

function served(path: string): Served {
  const body = readFileSync(path);
  const extension = extname(path);
  const isHtml = extension === ".html";
  const type = contentTypes[extension] ?? "application/octet-stream";
  const isCompressible = body.length >= smallestCompressed && /^(text|application\/json|image\/svg)/.test(type);
  return {
    body,
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    isCompressible,
    headers: {
      "Content-Type": type,
      "Cache-Control": isImmutable(path) ? "private, max-age=31536000, immutable" : "no-cache",
      ...(isCompressible ? { Vary: "Accept-Encoding" } : {}),
      ...(isHtml
        ? { "Content-Security-Policy": contentSecurityPolicy(inlineScriptHashes(body.toString("utf8"))) }
        : {}),
    },
  };
}

/** Next writes a hash of the contents into these names. */
function isImmutable(path: string): boolean {
  return path.split(sep).join("/").includes("/_next/static/");
}

function filesUnder(directory: string): string[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith("."))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return filesUnder(path);
      return entry.isFile() ? [path] : []; // a symbolic link could lead out
    });
}
