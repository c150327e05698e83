import "reflect-metadata"; // before @peculiar/x509, which needs it at import
import {
  BasicConstraintsExtension,
  cryptoProvider,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type JsonGeneralName,
  type X509Certificate,
} from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 24 * 60 * 60 * 1000;

export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

/** Signs whatever a test needs: servers by their names, clients by theirs, also out of date. */
export class Authority {
  readonly pem: string;
  readonly #certificate: X509Certificate;
  readonly #keys: CryptoKeyPair;
  #serial = 1;

  private constructor(certificate: X509Certificate, keys: CryptoKeyPair) {
    this.#certificate = certificate;
    this.#keys = keys;
    this.pem = certificate.toString("pem");
  }

  static async create(name: string): Promise<Authority> {
    cryptoProvider.set(crypto);
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      serialNumber: "01",
      keys,
      signingAlgorithm: algorithm,
      extensions: [new BasicConstraintsExtension(true, 0, true)],
      ...validity(1),
    });
    return new Authority(certificate, keys);
  }

  /** @param days how long it is valid from now; negative: it expired that long ago */
  async issue(name: string, names: JsonGeneralName[] = [], days = 1): Promise<Issued> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer: this.#certificate.subject,
      serialNumber: (++this.#serial).toString(16).padStart(2, "0"),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)],
      ...validity(days),
    });
    const key = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
    return {
      certificate: certificate.toString("pem"),
      key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
    };
  }
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function validity(days: number) {
  const now = Date.now();
  return { notBefore: new Date(now - 30 * dayMs), notAfter: new Date(now + days * dayMs) };
}
