import type { Transporter } from "nodemailer";
import type { MailAddress, SmtpSettings } from "../config/smtp.ts";
import type { Mail } from "./mail.ts";
import { describeMailFailure, type MailFailure, timedOut } from "./mail-failure.ts";

/** For the connection, for the greeting, and for each response. */
const RESPONSE_DEADLINE_MS = 15_000;
/** Also stops a server that responds one byte at a time. */
export const SEND_DEADLINE_MS = 45_000;

/** A connection for sending mails; null means that the mail server has accepted the mail. */
export type MailSession = {
  readonly send: (id: string, mail: Mail) => Promise<MailFailure | null>;
  /** Aborts the mail being sent. */
  readonly close: () => void;
};

/** Opens connections to the mail server. */
export class SmtpServer {
  readonly #settings: SmtpSettings;
  readonly #from: MailAddress;
  readonly #responseDeadlineMs: number;

  constructor(settings: SmtpSettings, from: MailAddress, responseDeadlineMs = RESPONSE_DEADLINE_MS) {
    this.#settings = settings;
    this.#from = from;
    this.#responseDeadlineMs = responseDeadlineMs;
  }

  /** Connects when the first mail is sent. Mails of one session share a connection. */
  async open(): Promise<MailSession> {
    const transport = await this.#createTransport();
    const closing = new AbortController();
    return {
      send: (id, mail) => {
        const until = AbortSignal.any([closing.signal, AbortSignal.timeout(SEND_DEADLINE_MS)]);
        return within(transport, until, () => this.#send(transport, id, mail));
      },
      close: () => {
        closing.abort();
        transport.close();
      },
    };
  }

  /** Connects, greets and signs in without sending. Null on success. */
  async check(): Promise<MailFailure | null> {
    const transport = await this.#createTransport();
    try {
      return await within(transport, AbortSignal.timeout(this.#responseDeadlineMs), () => transport.verify());
    } finally {
      transport.close();
    }
  }

  #send(transport: Transporter, id: string, { to, subject, text, html }: Mail): Promise<unknown> {
    const from = this.#from;
    return transport.sendMail({
      from,
      to: { name: "", address: to },
      // One id per mail, not per attempt: a mail that was accepted twice is shown once.
      messageId: `<${id}@${from.address.split("@")[1] ?? "opensend"}>`,
      subject,
      text,
      html,
      headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    });
  }

  /** Loads the library here, so that a server without mail never pays for it. */
  async #createTransport(): Promise<Transporter> {
    const { createTransport } = await import("nodemailer");
    const { host, port, tls, login } = this.#settings;
    const responseDeadlineMs = this.#responseDeadlineMs;
    return createTransport({
      pool: true,
      maxConnections: 1,
      host,
      port,
      secure: tls === "implicit",
      requireTLS: tls === "starttls",
      ignoreTLS: tls === "none",
      ...(login !== null && { auth: { user: login.user, pass: login.password } }),
      connectionTimeout: responseDeadlineMs,
      greetingTimeout: responseDeadlineMs,
      socketTimeout: responseDeadlineMs,
      dnsTimeout: responseDeadlineMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
}

/** Aborts a call that takes too long, together with its connection. */
async function within(
  transport: Transporter,
  until: AbortSignal,
  call: () => Promise<unknown>,
): Promise<MailFailure | null> {
  const { promise: late, resolve } = Promise.withResolvers<MailFailure>();
  const giveUp = () => {
    transport.close();
    resolve(timedOut());
  };
  until.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([call().then(() => null, describeMailFailure), late]);
  } finally {
    until.removeEventListener("abort", giveUp);
  }
}
