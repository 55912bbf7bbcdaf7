import { isIPv6 } from "node:net";
import { isPercentEncoded } from "./database-url.ts";
import { OptionError } from "./option-error.ts";

/** How to reach the mail server. */
export type SmtpSettings = {
  readonly host: string;
  readonly port: number;
  /** `implicit`: TLS from the first byte; `starttls`: TLS before any mail, or nothing is sent; `none`: no TLS. */
  readonly tls: "implicit" | "starttls" | "none";
  /** Null when the server requires no login. */
  readonly login: { readonly user: string; readonly password: string } | null;
};

export type MailAddress = { readonly name: string; readonly address: string };

const URL_RULE = "must be smtp://USER:PASSWORD@HOST:PORT or smtps://…; encode reserved characters as %40";
const SUBMISSION_PORT = 587;
const IMPLICIT_TLS_PORT = 465;
const CONTROL = /\p{Cc}/u;

/**
 * `smtps://` uses TLS from the start. `smtp://` upgrades with STARTTLS and sends nothing without it, except to this
 * machine; `?tls=none` turns TLS off for any server, `?tls=starttls` requires it on this machine too.
 *
 * @throws {OptionError}
 */
export function parseSmtpUrl(text: string): SmtpSettings {
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === "") throw new OptionError(URL_RULE);
  if (!/^\/?$/.test(url.pathname) || text.includes("#") || text.split("@").length > 2) {
    throw new OptionError(
      "must have no path; encode # / ? @ and % in user and password as %23 %2F %3F %40 and %25",
    );
  }
  if (!isPercentEncoded(url.username + url.password)) {
    throw new OptionError("must have each % in user and password encoded as %25");
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isImplicit = url.protocol === "smtps:";
  return {
    host,
    port: url.port === "" ? (isImplicit ? IMPLICIT_TLS_PORT : SUBMISSION_PORT) : Number(url.port),
    tls: isImplicit ? implicitOnly(url) : startTls(url, host),
    login: loginOf(url),
  };
}

function implicitOnly({ search }: URL): "implicit" {
  if (search !== "") throw new OptionError("must have no query with smtps://");
  return "implicit";
}

function startTls({ search }: URL, host: string): "starttls" | "none" {
  if (search === "") return isOnThisMachine(host) ? "none" : "starttls";
  if (search === "?tls=none") return "none";
  if (search === "?tls=starttls") return "starttls";
  throw new OptionError("takes ?tls=none or ?tls=starttls with smtp://, and no other query");
}

function isOnThisMachine(host: string): boolean {
  return host === "localhost" || /^127\./.test(host) || (isIPv6(host) && host === "::1");
}

function loginOf({ username, password }: URL): SmtpSettings["login"] {
  if (username === "" && password === "") return null;
  const login = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  if (login.user === "" || login.password === "")
    throw new OptionError("must have both user and password, or neither");
  if (CONTROL.test(login.user + login.password)) {
    throw new OptionError("must have no control characters in user and password");
  }
  return login;
}

/** `ops@example.com` or `OpenSend <ops@example.com>`. @throws {OptionError} */
export function parseMailFrom(text: string): MailAddress {
  const [, quoted = "", inBrackets] = /^(.*?)\s*<([^<>]*)>$/.exec(text) ?? [];
  const address = (inBrackets ?? text).trim();
  const name = quoted.trim().replace(/^"(.*)"$/, "$1");
  if (
    !/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(address) ||
    CONTROL.test(text) ||
    /[<>"]/.test(name)
  ) {
    throw new OptionError("must be an email address, or a name with one: OpenSend <ops@example.com>");
  }
  return { name: name === "" ? "OpenSend" : name, address };
}
