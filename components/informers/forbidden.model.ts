/** What a cluster admin would run so that an informer may start: read-only rights on one resource. */
export function grantCommands(context: string, resource: string, groupVersion: string): string {
  const [group, version] = groupVersion.split("/");
  const qualified = version === undefined ? resource : `${resource}.${group}`;
  const role = `kube-inflight-${resource}`;
  const kubectl = `kubectl --context ${quoted(context)}`;
  return [
    `${kubectl} create clusterrole ${role} \\`,
    `  --verb=get,list,watch --resource=${qualified}`,
    `${kubectl} create clusterrolebinding ${role} --clusterrole=${role} \\`,
    `  --user="$(${kubectl} auth whoami -o jsonpath='{.status.userInfo.username}')"`,
  ].join("\n");
}

/** For a POSIX shell; a plain word stays as it is. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
