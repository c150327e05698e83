import { isSidecar, type Container, type Pod } from "#lib/kube/index.ts";

export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

/** Stands for every address of the node. `::` does not: it is an address like any other. */
const anyIp = "0.0.0.0";

const none: readonly HostPort[] = [];

/** Of containers and sidecars; plain init containers give theirs back before the pod runs. Upstream: `util.GetHostPorts`. */
export function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  let ports: HostPort[] | undefined;
  const collect = (container: Container): void => {
    for (const { hostPort = 0, hostIP, protocol } of container.ports ?? []) {
      if (hostPort > 0)
        (ports ??= []).push({ ip: orDefault(hostIP, anyIp), protocol: orDefault(protocol, "TCP"), port: hostPort });
    }
  };
  spec?.containers?.forEach(collect);
  spec?.initContainers?.filter(isSidecar).forEach(collect);
  return ports ?? none;
}

/** Upstream: `fwk.HostPortInfo.CheckConflict`. */
function portsConflict(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false;
  return a.ip === b.ip || a.ip === anyIp || b.ip === anyIp;
}

export function anyPortsConflict(wanted: readonly HostPort[], used: readonly HostPort[]): boolean {
  return wanted.some((port) => used.some((other) => portsConflict(port, other)));
}

function orDefault(text: string | undefined, fallback: string): string {
  return text === undefined || text === "" ? fallback : text;
}
