/** A response: the parsed body, the text it was parsed from, and the headers that tests read. */
export type ApiResponse = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses of every shape and assert what they find.
  readonly body: any;
};

/** Calls the API with a key, a session cookie or no credentials. Keeps the text of every response for leak searches. */
export class ApiClient {
  readonly url: string;
  readonly responses: string[] = [];
  key: string | null = null;
  cookie: string | null = null;

  constructor(url: string, credentials: { key?: string; cookie?: string } = {}) {
    this.url = url;
    this.key = credentials.key ?? null;
    this.cookie = credentials.cookie ?? null;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<ApiResponse> {
    return this.send("GET", path, undefined, headers);
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiResponse> {
    return this.send("POST", path, body, headers);
  }

  patch(path: string, body: unknown, headers: Record<string, string> = {}): Promise<ApiResponse> {
    return this.send("PATCH", path, body, headers);
  }

  delete(path: string, headers: Record<string, string> = {}): Promise<ApiResponse> {
    return this.send("DELETE", path, undefined, headers);
  }

  /** A string body is sent unchanged, anything else as JSON. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiResponse> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(this.key === null ? {} : { authorization: `Bearer ${this.key}` }),
        ...(this.cookie === null ? {} : { cookie: this.cookie, origin: this.url }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    this.responses.push(text);
    const setCookies = response.headers.getSetCookie();
    if (setCookies.length > 0) this.cookie = setCookies.map((cookie) => cookie.split(";")[0]).join("; ");
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return {
      status: response.status,
      headers: response.headers,
      text,
      // A 304 and the response to HEAD have the headers of a body, but no body.
      body: isJson && text !== "" ? JSON.parse(text) : null,
    };
  }
}

export const OWNER = {
  email: "ada@example.com",
  password: "correct horse battery staple",
  name: "Ada",
} as const;

/** Sets up a fresh instance and returns a client with the owner's session. */
export async function setUpOwner(server: { url: string; setupUrl: string | null }): Promise<ApiClient> {
  const client = new ApiClient(server.url);
  const token = new URL(server.setupUrl ?? "").searchParams.get("token");
  const response = await client.post("/api/setup", { token, ...OWNER });
  if (response.status !== 201) throw new Error(`setup returned ${response.status}: ${response.text}`);
  return client;
}
