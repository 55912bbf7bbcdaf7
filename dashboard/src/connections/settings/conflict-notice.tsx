import { useQuery } from "@tanstack/react-query";
import type { Connection } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { connectionQuery } from "../queries.ts";

type ConflictNoticeProps = { connection: Connection; onReload: () => void };

/** Somebody saved while a person was typing: theirs is kept, and what was typed stays until it is given up. */
export function ConflictNotice({ connection, onReload }: ConflictNoticeProps) {
  const now = useQuery({ ...connectionQuery(connection.id), refetchOnMount: "always" });
  const changedAt = now.data?.connection.updated_at ?? connection.updated_at;
  return (
    <Notice tone="warn" live action={<Button onClick={onReload}>Reload</Button>}>
      Changed <TimeAgo at={changedAt} />. Nothing of yours was saved. Reload shows the change and discards
      what you typed.
    </Notice>
  );
}
