const dnsLabel = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

export function isDnsLabel(name: string): boolean {
  return name.length <= 63 && dnsLabel.test(name);
}

export function isDnsSubdomain(name: string): boolean {
  return name.length <= 253 && name.split(".").every((label) => dnsLabel.test(label));
}

const suffixLetters = "bcdfghjklmnpqrstvwxz2456789";

/** Five letters of those that make no words, as `generateName` appends them. */
export function nameSuffix(random: () => number): string {
  let suffix = "";
  while (suffix.length < 5) suffix += suffixLetters[Math.floor(random() * suffixLetters.length)] ?? "";
  return suffix;
}
