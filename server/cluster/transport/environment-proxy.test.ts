import { describe, expect, it } from "vitest";
import { environmentProxy } from "./environment-proxy.ts";

const proxy = "http://proxy.corp:3128";

describe("the proxy of the environment", () => {
  it.each([
    ["https://api.example.com:6443", { HTTPS_PROXY: proxy }, proxy],
    ["https://api.example.com:6443", { https_proxy: proxy }, proxy],
    ["https://api.example.com:6443", { HTTPS_PROXY: "http://upper:1", https_proxy: proxy }, "http://upper:1"],
    ["https://api.example.com:6443", { HTTPS_PROXY: "", https_proxy: proxy }, proxy],
    ["https://api.example.com:6443", { HTTP_PROXY: proxy }, undefined],
    ["http://api.example.com", { HTTP_PROXY: proxy }, proxy],
    ["https://api.example.com", { HTTPS_PROXY: "proxy.corp:3128" }, proxy],
    ["https://api.example.com", { HTTPS_PROXY: "socks5://proxy.corp" }, "socks5://proxy.corp"],
    ["https://api.example.com", {}, undefined],
  ])("to %s with %j is %s", (server, environment, expected) => {
    expect(environmentProxy(server, environment)).toBe(expected);
  });

  it.each([
    ["https://127.0.0.1:6443", ""],
    ["https://127.8.8.8:6443", ""],
    ["https://[::1]:6443", ""],
    ["https://localhost:6443", ""],
    ["https://10.4.0.11:6443", "10.0.0.0/8"],
    ["https://[fd00::11]:6443", "192.168.0.0/16, fd00::/8"],
    ["https://10.4.0.11:6443", "10.4.0.11"],
    ["https://10.4.0.11:6443", "10.4.0.11:6443"],
    ["https://[fd00::11]:6443", "[fd00::11]:6443"],
    ["https://api.example.com", "example.com"],
    ["https://example.com", "example.com"],
    ["https://api.example.com", ".example.com"],
    ["https://api.example.com", "*.example.com"],
    ["https://API.example.com.", "Example.com:443"],
    ["https://api.example.com", "none.invalid, *"],
  ])("does not lead to %s with the exceptions %j", (server, exceptions) => {
    expect(environmentProxy(server, { HTTPS_PROXY: proxy, NO_PROXY: exceptions })).toBeUndefined();
  });

  it.each([
    ["https://11.4.0.11:6443", "10.0.0.0/8"],
    ["https://10.4.0.11:6443", "10.4.0.11:443"],
    ["https://10.4.0.11:6443", "0.11"],
    ["https://api.example.com", "10.0.0.0/8,fd00::/8,10.0.0.0/99,a/b/c"],
    ["https://example.com", ".example.com"],
    ["https://example.com", "*.example.com"],
    ["https://badexample.com", "example.com"],
    ["https://api.example.com", "example.com:6443"],
  ])("leads to %s with the exceptions %j", (server, exceptions) => {
    expect(environmentProxy(server, { HTTPS_PROXY: proxy, NO_PROXY: exceptions })).toBe(proxy);
  });
});
