import { existsSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "./configuration-error.ts";
import type { Options } from "./options.ts";
import { storedSecret } from "./stored-secret.ts";

const SEALING_KEY_FILE = "integration-secret-encryption.key";

export type KeySource = "INTEGRATION_SECRET_ENCRYPTION_KEY" | "WEBHOOK_SECRET_ENCRYPTION_KEY" | "data folder";

/** The key material and session secret of this process, the key's source, and notices for the operator. */
export type Secrets = {
  readonly encryptionKey: string;
  /** Candidates for earlier keys; some can be unusable, since a key can itself contain a comma. */
  readonly previousEncryptionKeys: readonly string[];
  readonly keySource: KeySource;
  readonly sessionSecret: string;
  readonly notices: readonly string[];
};

/**
 * Chooses the sealing key and the session secret. Outside production missing ones are generated and kept in the data
 * folder.
 *
 * @throws {ConfigurationError} in production when one is missing.
 */
export function loadSecrets(options: Options): Secrets {
  if (options.production) requireForProduction(options);
  const notices: string[] = [];
  const { encryptionKey, keySource } = chooseEncryptionKey(options, notices);
  return {
    encryptionKey,
    keySource,
    previousEncryptionKeys: splitPreviousKeys(options.previousEncryptionKeys),
    sessionSecret: options.sessionSecret ?? storedSecret(options.dataDir, "session-secret.key").value,
    notices,
  };
}

/** The sealing key of `loadSecrets` without generating one: null if the next start would generate it. */
export function peekEncryptionKey(
  options: Options,
): { readonly encryptionKey: string; readonly keySource: KeySource } | null {
  if (options.production) requireForProduction(options);
  const isGiven = options.encryptionKey !== null || options.fallbackEncryptionKey !== null;
  if (!isGiven && !existsSync(join(options.dataDir, SEALING_KEY_FILE))) return null;
  return chooseEncryptionKey(options, []);
}

function requireForProduction(options: Options): void {
  const problems: string[] = [];
  if (options.encryptionKey === null && options.fallbackEncryptionKey === null) {
    problems.push(
      "INTEGRATION_SECRET_ENCRYPTION_KEY must be set in production: 32 bytes in base64 (openssl rand -base64 32), from a secrets manager.",
    );
  }
  if (options.sessionSecret === null) {
    problems.push(
      "OPENSEND_SESSION_SECRET must be set in production: at least 32 random characters (openssl rand -base64 32).",
    );
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
}

function chooseEncryptionKey(
  options: Options,
  notices: string[],
): { encryptionKey: string; keySource: KeySource } {
  if (options.encryptionKey !== null) {
    return { encryptionKey: options.encryptionKey, keySource: "INTEGRATION_SECRET_ENCRYPTION_KEY" };
  }
  if (options.fallbackEncryptionKey !== null) {
    if (options.production) {
      notices.push(
        "Sealing with WEBHOOK_SECRET_ENCRYPTION_KEY. Set a dedicated INTEGRATION_SECRET_ENCRYPTION_KEY in production.",
      );
    }
    return { encryptionKey: options.fallbackEncryptionKey, keySource: "WEBHOOK_SECRET_ENCRYPTION_KEY" };
  }
  const stored = storedSecret(options.dataDir, SEALING_KEY_FILE);
  if (stored.created) {
    notices.push(`Generated a development sealing key in ${stored.path}. Back it up with the database.`);
  }
  return { encryptionKey: stored.value, keySource: "data folder" };
}

function splitPreviousKeys(text: string | null): readonly string[] {
  if (text === null) return [];
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return parts.length > 1 ? [...parts, text] : [text];
}
