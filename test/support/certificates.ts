import "./reflect-metadata.ts";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate and key for a TLS server, in PEM. */
export type ServerCertificate = { readonly cert: string; readonly key: string };

type Issuer = { readonly certificate: x509.X509Certificate; readonly keys: webcrypto.CryptoKeyPair };

export type CertificateAuthority = {
  readonly cert: string;
  /** A certificate for these names and addresses, followed by every intermediate certificate below the authority. */
  issue(options: IssueOptions): Promise<ServerCertificate>;
  issueBelow(intermediate: { readonly isSent: boolean }, options: IssueOptions): Promise<ServerCertificate>;
};

export type IssueOptions = {
  readonly names: readonly string[];
  readonly addresses?: readonly string[];
  /** Days from now; by default from yesterday until a week from now. */
  readonly validDays?: readonly [from: number, to: number];
};

export async function createAuthority(name = "OpenSend test root"): Promise<CertificateAuthority> {
  const root = await createIssuer(`CN=${name}`, null);
  return {
    cert: root.certificate.toString("pem"),
    issue: (options) => issueLeaf(root, options),
    issueBelow: async ({ isSent }, options) => {
      const intermediate = await createIssuer("CN=OpenSend test intermediate", root);
      const leaf = await issueLeaf(intermediate, options);
      return isSent ? { ...leaf, cert: `${leaf.cert}\n${intermediate.certificate.toString("pem")}` } : leaf;
    },
  };
}

export async function createSelfSigned(name: string): Promise<ServerCertificate> {
  const keys = await createKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: SIGNATURE,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  return { cert: certificate.toString("pem"), key: await exportKey(keys) };
}

async function createIssuer(name: string, parent: Issuer | null): Promise<Issuer> {
  const keys = await createKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: parent === null ? name : parent.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: (parent?.keys ?? keys).privateKey,
    signingAlgorithm: SIGNATURE,
    notBefore: daysFromNow(-2),
    notAfter: daysFromNow(30),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return { certificate, keys };
}

async function issueLeaf(issuer: Issuer, options: IssueOptions): Promise<ServerCertificate> {
  const keys = await createKeys();
  const [from, to] = options.validDays ?? [-1, 7];
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${options.names[0] ?? "nobody"}`,
    issuer: issuer.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: SIGNATURE,
    notBefore: daysFromNow(from),
    notAfter: daysFromNow(to),
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        ...options.names.map((value) => ({ type: "dns", value }) as const),
        ...(options.addresses ?? []).map((value) => ({ type: "ip", value }) as const),
      ]),
    ],
  });
  return { cert: certificate.toString("pem"), key: await exportKey(keys) };
}

function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
}

async function exportKey(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return x509.PemConverter.encode(der, "PRIVATE KEY");
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * DAY_MS);
}
