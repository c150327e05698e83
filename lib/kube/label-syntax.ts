const namePart = /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** `[prefix/]name`, as label keys and resource names are written. Upstream: `validation.IsQualifiedName`. */
export function isQualifiedName(text: string): boolean {
  const parts = text.split("/");
  if (parts.length > 2) return false;
  const [prefix, name] = parts.length === 2 ? parts : [undefined, parts[0]];
  if (prefix !== undefined && (prefix.length > 253 || !dnsSubdomain.test(prefix))) return false;
  return name !== undefined && name.length <= 63 && namePart.test(name);
}

/** Upstream: `validation.IsValidLabelValue`. */
export function isLabelValue(text: string): boolean {
  return text === "" || (text.length <= 63 && namePart.test(text));
}

const allowed =
  "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** What upstream says of a name that is none. Of a prefix that is none it says more, and is not followed. */
export const notQualified = `name part must ${allowed} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`;
export const notLabelValue = `a valid label must be an empty string or ${allowed} (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`;
