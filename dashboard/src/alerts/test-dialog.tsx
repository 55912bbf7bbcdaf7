import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, dataOf } from "../api/client.ts";
import { problemFrom } from "../api/problem.ts";
import type { Alert, AlertTest } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { noticesQuery } from "./queries.ts";

/** Sends a test when it opens, and shows the result for every recipient. */
export function TestDialog({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const queryClient = useQueryClient();
  const test = useMutation({
    mutationFn: async () =>
      (await dataOf(api.POST("/api/alerts/{id}/test", { params: { path: { id: alert.id } } }))).data,
    onSuccess: () => queryClient.invalidateQueries(noticesQuery),
  });
  const { mutate } = test;
  const hasStarted = useRef(false);
  useEffect(() => {
    // In development React runs effects twice; the test must be sent only once.
    if (!hasStarted.current) mutate();
    hasStarted.current = true;
  }, [mutate]);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Test of ${alert.name}`}
      description="Sends a notice marked as a test to every recipient and waits for the result."
    >
      <div className="mt-5 flex flex-col gap-3">
        {test.isPending && <p role="status">Sending the test …</p>}
        {test.error && (
          <Notice tone="err" live title="The test was not sent">
            {problemFrom(test.error).message}
          </Notice>
        )}
        {test.data && <Outcomes alert={alert} outcome={test.data} />}
        <div className="flex justify-end gap-2">
          <Button busy={test.isPending} onClick={() => mutate()}>
            Send again
          </Button>
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Outcomes({ alert, outcome }: { alert: Alert; outcome: AlertTest }) {
  const { mails, delivery } = outcome;
  const { connection } = alert.recipients;
  if (mails.length === 0 && alert.notify_connection_id === null) {
    return (
      <Notice tone="err" live title="No one was notified">
        All recipients of this alert have been removed. Edit the alert and choose others.
      </Notice>
    );
  }
  return (
    <>
      {mails.map(({ member_id: id, email, ok, error }) => (
        <Notice key={id} tone={ok ? "ok" : "err"} live title={ok ? `Mailed ${email}` : `No mail to ${email}`}>
          {ok ? "The mail server has accepted it." : error?.message}
        </Notice>
      ))}
      {alert.notify_connection_id !== null && (
        <DeliveryOutcome name={connection?.name ?? "The connection"} delivery={delivery} />
      )}
    </>
  );
}

function DeliveryOutcome({ name, delivery }: { name: string; delivery: AlertTest["delivery"] }) {
  if (delivery === null) {
    return (
      <Notice tone="err" live title={`No event to ${name}`}>
        It is disconnected or deleted. Edit the alert and choose another connection.
      </Notice>
    );
  }
  if (delivery.ok) {
    return (
      <Notice tone="ok" live title={`Event delivered to ${name}`}>
        The receiver responded with {delivery.status}.
      </Notice>
    );
  }
  return (
    <Notice tone="err" live title={`${name}: ${delivery.explanation.title}`}>
      {delivery.explanation.detail} {delivery.explanation.action}
    </Notice>
  );
}
