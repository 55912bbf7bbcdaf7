import { type AddressInfo, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

export type ReceivedMail = {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body, unparsed. */
  readonly raw: string;
  readonly isEncrypted: boolean;
  readonly user: string | null;
};

export type TestMailServer = {
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** The response to the recipient of each following mail; null accepts it. */
  refusal: { readonly code: number; readonly message: string } | null;
  readonly close: () => Promise<void>;
};

export type MailServerOptions = {
  readonly certificate?: { readonly key: string; readonly cert: string };
  /** Implicit TLS: TLS from the first byte. */
  readonly isImplicit?: boolean;
  readonly login?: { readonly user: string; readonly password: string };
  readonly port?: number;
};

/** A real SMTP server that keeps the mails it receives. */
export async function startMailServer(options: MailServerOptions = {}): Promise<TestMailServer> {
  const { certificate, login } = options;
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    secure: options.isImplicit === true,
    ...(certificate === undefined ? { disabledCommands: ["STARTTLS"] } : certificate),
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth: (auth, _session, done) => {
      const isRight = auth.username === login?.user && auth.password === login?.password;
      if (isRight) done(null, { user: auth.username });
      else done(refusalOf({ code: 535, message: `No: ${auth.password}` }));
    },
    onRcptTo: (_address, _session, done) => {
      done(opened.refusal === null ? null : refusalOf(opened.refusal));
    },
    onData: (stream, session, done) => {
      const keep = (raw: string) => {
        const { mailFrom, rcptTo } = session.envelope;
        const user: unknown = session.user;
        mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw,
          isEncrypted: session.secure,
          user: typeof user === "string" ? user : null,
        });
        done(null);
      };
      text(stream).then(keep, (error: Error) => done(error));
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const opened: TestMailServer = {
    port,
    mails,
    refusal: null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return opened;
}

function refusalOf({ code, message }: { readonly code: number; readonly message: string }): Error {
  return Object.assign(new Error(message), { responseCode: code });
}

/** Accepts connections and never sends a byte. */
export async function startSilentServer(): Promise<{ readonly port: number; readonly close: () => void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/** The body of a mail's text part, decoded. */
export function textOf({ raw }: ReceivedMail): string {
  const part = /Content-Type: text\/plain[\s\S]*?\r?\n\r?\n([\s\S]*?)\r?\n--/.exec(raw)?.[1] ?? "";
  if (!/Content-Transfer-Encoding: quoted-printable/i.test(raw)) return part;
  const bytes = part
    .replaceAll(/=\r?\n/g, "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
