import type { Connection } from "../../api/types.ts";
import { patternsOf } from "../../forms/event-type-patterns.ts";
import type { ConnectionChange } from "../change-connection.ts";
import type { HeaderDraft } from "../header-draft.ts";
import { metadataChange, metadataText, readMetadata } from "./metadata-text.ts";
import type { SettingsValues } from "./settings-schema.ts";

/** The initial values of a connection's settings form. Secrets start empty; empty means unchanged. */
export function valuesOf(connection: Connection): SettingsValues {
  // `"*"` does not include OpenSend's own events, so the list can have further types.
  const receivesAll = connection.event_types.join() === "*";
  return {
    name: connection.name,
    description: connection.description ?? "",
    external_id: connection.external_id ?? "",
    metadata: metadataText(connection.metadata),
    webhook_url: "",
    signing_secret: "",
    receives: receivesAll ? "all" : "some",
    event_types: receivesAll ? "" : connection.event_types.join("\n"),
    order: connection.ordered ? "strict" : "fast",
    concurrency: String(connection.concurrency),
    rate_limit_per_minute: String(connection.rate_limit_per_minute ?? ""),
    timeout_seconds: String(connection.timeout_seconds),
    headers: connection.config.webhook.header_names.map(storedHeader),
  };
}

/** The changed settings only, without headers, whose validation loads separately. */
export function changeOf(connection: Connection, values: SettingsValues): ConnectionChange {
  const before = valuesOf(connection);
  const eventTypes = values.receives === "all" ? ["*"] : patternsOf(values.event_types);
  return {
    ...(values.name !== before.name && { name: values.name }),
    ...(values.description !== before.description && { description: values.description || null }),
    ...(values.external_id !== before.external_id && { external_id: values.external_id || null }),
    ...(values.metadata !== before.metadata && metadataOf(connection, values.metadata)),
    ...(values.webhook_url !== "" && { webhook_url: values.webhook_url }),
    ...(values.signing_secret !== "" && { signing_secret: values.signing_secret }),
    ...(eventTypes.join() !== connection.event_types.join() && { event_types: eventTypes }),
    ...(values.order !== before.order && { ordered: values.order === "strict" }),
    ...(values.concurrency !== before.concurrency && { concurrency: Number(values.concurrency) }),
    ...(values.rate_limit_per_minute !== before.rate_limit_per_minute && {
      rate_limit_per_minute:
        values.rate_limit_per_minute === "" ? null : Number(values.rate_limit_per_minute),
    }),
    ...(values.timeout_seconds !== before.timeout_seconds && {
      timeout_seconds: Number(values.timeout_seconds),
    }),
  };
}

/** Empty when lines were only reordered. */
function metadataOf(connection: Connection, text: string): Pick<ConnectionChange, "metadata"> {
  const read = readMetadata(text);
  const change = "pairs" in read ? metadataChange(connection.metadata, read.pairs) : {};
  return Object.keys(change).length === 0 ? {} : { metadata: change };
}

export function storedHeader(name: string): HeaderDraft {
  return { kind: "stored", name, user: "", value: "", isRemoved: false };
}
