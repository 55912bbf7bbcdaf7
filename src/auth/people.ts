import { newId } from "../db/new-id.ts";
import type { Database, Dialect } from "../db/open.ts";
import { ACCOUNTS, SESSIONS, USERS, VERIFICATIONS, WORKSPACE_TABLES } from "./people-tables.ts";
import { cookiePrefix, isHttps } from "./session-cookie.ts";

export const PASSWORD_LENGTH_MIN = 12;
export const PASSWORD_LENGTH_MAX = 128;
const SESSION_LIFETIME_S = 7 * 24 * 60 * 60;
const SESSION_RENEWAL_S = 24 * 60 * 60;

/** Passes the caller's address, as the HTTP layer determined it, to Better Auth's session records. */
export const ADDRESS_HEADER = "x-opensend-client-address";

export type PeopleOptions = {
  readonly db: Database;
  readonly dialect: Dialect;
  readonly sessionSecret: string;
  /** The origin people use in the browser. */
  readonly publicUrl: string;
  readonly onError: (message: string) => void;
};

/**
 * Better Auth on our own tables: passwords (scrypt), sessions, workspaces and members. Only its server calls are used.
 * Its HTTP routes are not mounted, so HTTP offers only what our routes do.
 */
export function createPeople(options: PeopleOptions): People {
  let auth: Promise<Auth> | null = null;
  return () => {
    auth ??= createAuth(options);
    return auth;
  };
}

/**
 * Loads the library on first use: it takes as much memory, and a third of the startup time, as everything else
 * together, and a process that only sends events never needs it.
 */
export type People = () => Promise<Auth>;
type Auth = Awaited<ReturnType<typeof createAuth>>;

async function createAuth(options: PeopleOptions) {
  const { betterAuth } = await import("better-auth");
  return betterAuth(await peopleOptions(options));
}

export async function peopleOptions({ db, dialect, sessionSecret, publicUrl, onError }: PeopleOptions) {
  const { organization } = await import("better-auth/plugins/organization");
  return {
    database: { db, type: dialect },
    secret: sessionSecret,
    baseURL: publicUrl,
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: {
      level: "error" as const,
      log: (_level: string, message: string) => onError(message),
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
    },
    advanced: {
      cookiePrefix: cookiePrefix(publicUrl),
      // Better Auth's own prefix would be `__Secure-`, which a page on a sibling domain can overwrite.
      useSecureCookies: false,
      database: { generateId: newId },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      defaultCookieAttributes: { sameSite: "lax" as const, httpOnly: true, secure: isHttps(publicUrl) },
    },
    user: USERS,
    session: { ...SESSIONS, expiresIn: SESSION_LIFETIME_S, updateAge: SESSION_RENEWAL_S },
    account: ACCOUNTS,
    verification: VERIFICATIONS,
    plugins: [organization({ schema: WORKSPACE_TABLES })],
  };
}
