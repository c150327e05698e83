#!/usr/bin/env bash
# Builds the programs of a control plane from their Go modules, those that are not there yet (about 4 minutes on 2 cores),
# and prints the folder that holds them: CONTROL_PLANE_CACHE (default ~/.cache/kube-inflight-control-plane).
# kubectl is taken from the PATH if it is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${CONTROL_PLANE_CACHE:-$HOME/.cache/kube-inflight-control-plane}; mkdir -p "$cache"

[ -x "$cache/etcd" ] || (cd "$here/etcd" && go build -mod=mod -ldflags '-s -w' -o "$cache/etcd" go.etcd.io/etcd/server/v3) >&2
v=k8s.io/component-base/version
stamp="-X $v.gitVersion=v1.36.3 -X $v.gitMajor=1 -X $v.gitMinor=36 -X $v.gitTreeState=clean"
build() { (cd "$here/kube" && go build -mod=mod -ldflags "-s -w $stamp" -o "$cache/$1" "k8s.io/kubernetes/cmd/$1") >&2; }
for b in kube-apiserver kube-scheduler; do [ -x "$cache/$b" ] || build "$b"; done
[ -x "$cache/kubectl" ] || { k=$(command -v kubectl) && ln -sf "$k" "$cache/kubectl"; } || build kubectl
echo "$cache"
