import { Link } from "@tanstack/react-router";
import type { Connection } from "../../api/types.ts";
import { buttonStyle } from "../../ui/button-style.ts";
import { Notice } from "../../ui/notice.tsx";

/** Links to the inspector when it is this connection's receiver. */
export function InspectorNotice({ connection }: { connection: Connection }) {
  const isInspector = connection.config.webhook.receiver === "inspector";
  if (!isInspector || connection.status === "disconnected") return null;
  return (
    <Notice
      tone="info"
      title="This connection sends to the built-in inspector"
      action={
        <Link to="/integrations/inspector" className={buttonStyle("secondary")}>
          Open the inspector
        </Link>
      }
    >
      Nothing leaves this server. When you have a receiver, replace the URL in Settings: name, history and
      event types stay.
    </Notice>
  );
}
