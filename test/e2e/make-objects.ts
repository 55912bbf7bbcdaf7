import { ApiClient, OWNER } from "../support/api-client.ts";
import { connect } from "../support/dashboard.ts";
import { invite, joinAs } from "../support/join.ts";
import type { TestReceiver } from "../support/receiver.ts";
import { until } from "../support/until.ts";
import { awaitDeliveries } from "./await-deliveries.ts";

/** Connections, deliveries and other objects that the page states show. */
export type Objects = {
  delivered: string;
  failed: string;
  fresh: string;
  paused: string;
  disconnected: string;
  /** Never responds. */
  hanging: string;
  inspector: string;
  /** Deliveries of one event: to the first of these connections, to the second, and to the paused one. */
  arrived: string;
  retrying: string;
  waiting: string;
  event: string;
  replay: string;
  issue: string;
  /** Without a signing secret. */
  unsigned: string;
  /** A failing delivery to a connection that worked before its URL was replaced. */
  changed: string;
  /** Tokens of open invitations: one for a new person, one for a person with an account. */
  invitationNew: string;
  invitationKnown: string;
  /** An invitation of the owner to another workspace. */
  invitationOwn: string;
};

/** Fills a workspace with the objects that the page states show. From then on the receiver responds by path. */
export async function makeObjects(owner: ApiClient, receiver: TestReceiver): Promise<Objects> {
  receiver.respond = (response, { path }) => {
    if (path.endsWith("/hang")) return;
    response.writeHead(path.endsWith("/bad") ? 500 : 200, { "retry-after": "3600" }).end("{}");
  };
  const make = (name: string, path = "/good") =>
    connect(owner, { name, webhook_url: `${receiver.url}${path}`, signing_secret: "a-signing-secret" });
  const connections = {
    delivered: await make("Delivered"),
    failed: await make("Failed", "/hooks/bad"),
    fresh: await make("Fresh"),
    paused: await make("Paused"),
    disconnected: await make("Disconnected"),
    hanging: await make("Hanging", "/hang"),
  };
  const deliveries = await makeDeliveries(owner, connections, `${receiver.url}/good`);
  const inspector = await makeInspector(owner);
  await owner.post(`/api/integrations/connections/${connections.failed}/test`);
  await owner.delete(`/api/integrations/connections/${connections.disconnected}`);
  await owner.post("/api/api-keys", {
    name: "Production backend",
    access: "sending_access",
    expires_at: "2099-01-01T00:00:00.000Z",
  });
  await owner.post("/api/api-keys", { name: "CI", access: "full_access" });
  const invitations = await makePeople(owner);
  await signInElsewhere(owner.url);
  return { ...connections, ...deliveries, ...(await makeOthers(owner, receiver)), ...invitations, inspector };
}

/** The inspector, with a request whose signature is valid, followed by one whose signature is invalid. */
async function makeInspector(owner: ApiClient): Promise<string> {
  const created = await owner.post("/api/integrations/inspector");
  const id = created.body.data.id as string;
  await owner.patch(`/api/integrations/connections/${id}`, { event_types: ["other.*"] });
  for (const change of [{ answer: "200" }, { answer: "429", secret: "a wrong secret" }]) {
    await owner.patch("/api/inspector", change);
    await owner.post(`/api/integrations/connections/${id}/test`);
  }
  return id;
}

/** Members in each role, another workspace, and open invitations. */
async function makePeople(owner: ApiClient) {
  await joinAs(owner, "admin", "Grace Hopper");
  const viewer = await joinAs(owner, "viewer", "Vera Rubin");
  const other = await joinAs(owner, "owner", "Lin Chen");
  await other.client.post("/api/workspaces", { name: "Staging" });
  return {
    invitationNew: await invite(owner, "edsger@example.com", "viewer"),
    invitationKnown: await invite(other.client, viewer.email, "admin"),
    invitationOwn: await invite(other.client, OWNER.email, "viewer"),
  };
}

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** A session of the owner in another browser. */
async function signInElsewhere(url: string): Promise<void> {
  const { email, password } = OWNER;
  const response = await new ApiClient(url).post(
    "/api/session",
    { email, password },
    { "user-agent": FIREFOX },
  );
  if (response.status !== 200) throw new Error(`signing in returned ${response.status}: ${response.text}`);
}

/** A connection that received some events and is paused, so that replayed deliveries stay pending. */
async function makePausedWithHistory(owner: ApiClient, url: string): Promise<string> {
  const id = await connect(owner, { name: "Invoices", webhook_url: url, event_types: ["invoice.*"] });
  const data = { invoice: "A-17" };
  await owner.post("/api/events/batch", Array(6).fill({ type: "invoice.sent", data }));
  await awaitDeliveries(owner, `status=delivered&connection_id=${id}`, 6);
  await owner.post(`/api/integrations/connections/${id}/pause`);
  return id;
}

/** One event with deliveries to three of the connections, and a paused replay. */
async function makeDeliveries(
  owner: ApiClient,
  {
    delivered,
    failed,
    fresh,
    paused,
    disconnected,
    hanging,
  }: Record<"delivered" | "failed" | "fresh" | "paused" | "disconnected" | "hanging", string>,
  url: string,
) {
  for (const id of [fresh, disconnected, hanging]) {
    await owner.patch(`/api/integrations/connections/${id}`, { event_types: ["other.*"] });
  }
  await owner.post(`/api/integrations/connections/${paused}/pause`);
  const sent = await owner.post("/api/events", {
    type: "order.paid",
    data: { order_id: 42, customer: { name: "Ada Lovelace" } },
  });
  const deliveryTo = async (connectionId: string, query: string) => {
    const [delivery] = await awaitDeliveries(owner, `connection_id=${connectionId}&${query}`, 1);
    return delivery.id as string;
  };
  const created = {
    arrived: await deliveryTo(delivered, "status=delivered"),
    retrying: await deliveryTo(failed, "response=5xx"),
    waiting: await deliveryTo(paused, "status=pending"),
    event: sent.body.data.id as string,
  };
  const filter = { status: ["delivered"], connection_id: await makePausedWithHistory(owner, url) };
  const started = await owner.post("/api/deliveries/replay", { filter, rate_per_second: 1 });
  const replay = started.body.data.id as string;
  await owner.post(`/api/deliveries/replays/${replay}/pause`);
  return { ...created, replay, issue: await openIssue(owner, failed) };
}

/** The issue of a failing connection. Statistics lag by one second. */
async function openIssue(owner: ApiClient, connectionId: string): Promise<string> {
  const issues = async () => (await owner.get(`/api/issues?connection_id=${connectionId}`)).body.data;
  await until(async () => (await issues()).length > 0);
  return (await issues())[0].id;
}

/** A connection without a signing secret, and one that worked until it was changed. */
async function makeOthers(owner: ApiClient, receiver: TestReceiver) {
  const unsigned = await connect(owner, {
    name: "Unsigned",
    webhook_url: `${receiver.url}/good`,
    event_types: ["other.*"],
  });
  const changing = await connect(owner, {
    name: "Changed",
    webhook_url: `${receiver.url}/good`,
    event_types: ["stock.changed"],
  });
  const send = (data: object) => owner.post("/api/events", { type: "stock.changed", data });
  await send({ sku: "A-1", left: 3 });
  await awaitDeliveries(owner, `connection_id=${changing}&status=delivered`, 1);
  await owner.patch(`/api/integrations/connections/${changing}`, {
    webhook_url: `${receiver.url}/hooks/bad`,
  });
  await send({ sku: "A-1", left: "none", warehouse: { city: "Ulm" } });
  const [failed] = await awaitDeliveries(owner, `connection_id=${changing}&response=5xx`, 1);
  return { unsigned, changed: failed.id as string };
}
