import { Link } from "@tanstack/react-router";
import { Check, Circle } from "lucide-react";
import type { ReactNode } from "react";
import { count } from "../text/count.ts";
import { Button } from "../ui/button.tsx";
import { buttonStyle } from "../ui/button-style.ts";
import { Card } from "../ui/card.tsx";
import { classNames } from "../ui/class-names.ts";
import { firstSteps, type OnboardingState, type StepName } from "./first-steps.ts";

type ChecklistProps = { onboarding: OnboardingState; onHide: () => void };

/** The steps of setting up a workspace; the next one has the button. */
export function Checklist({ onboarding, onHide }: ChecklistProps) {
  const steps = firstSteps(onboarding);
  const next = steps.find(({ isDone }) => !isDone)?.name;
  const done = steps.filter(({ isDone }) => isDone).length;
  return (
    <Card aria-labelledby="first-steps" className="p-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h2 id="first-steps" className="text-card font-semibold">
          Get started
        </h2>
        <p className="text-table text-muted">
          {count(done)} of {count(steps.length)} done
        </p>
      </div>
      <ol className="mt-3 flex flex-col divide-y divide-line">
        {steps.map(({ name, isDone }) => (
          <li key={name} className="flex flex-wrap items-center gap-3 py-3">
            {isDone ? (
              <Check role="img" aria-label="Done" className="size-4 shrink-0 text-ok-dot" />
            ) : (
              <Circle role="img" aria-label="To do" className="size-4 shrink-0 text-idle-dot" />
            )}
            <div className="min-w-0 flex-1 basis-56">
              <p className={classNames("font-medium", isDone && "text-muted")}>{WORDS[name].title}</p>
              <p className="text-table text-muted">{WORDS[name].text}</p>
            </div>
            {!isDone && stepLink(name, onboarding, name === next)}
          </li>
        ))}
      </ol>
      {onboarding.hasEvents && (
        <div className="mt-2 flex justify-end">
          <Button variant="quiet" onClick={onHide}>
            Hide these steps
          </Button>
        </div>
      )}
    </Card>
  );
}

const WORDS: Record<StepName, { title: string; text: string }> = {
  connect: {
    title: "Connect a webhook URL",
    text: "Zapier, Make, n8n, Pipedream, or your own HTTPS endpoint.",
  },
  test: {
    title: "Send a test event",
    text: "See the exact request and the receiver's response side by side.",
  },
  verify: {
    title: "Verify the signature",
    text: "Set a signing secret, and check it in the receiver.",
  },
  event: { title: "Send a real event", text: "Create an API key and post an event from your app." },
  invite: { title: "Invite your team", text: "Viewers can look, admins can change." },
};

function stepLink(name: StepName, { connectionId }: OnboardingState, isNext: boolean): ReactNode {
  const look = buttonStyle(isNext ? "primary" : "secondary");
  if (name === "connect") {
    return (
      <Link to="/integrations/webhook" className={look}>
        Connect
      </Link>
    );
  }
  if (name === "event") {
    return (
      <Link to="/api-keys" className={look}>
        Create an API key
      </Link>
    );
  }
  if (name === "invite") {
    return (
      <Link to="/members" className={look}>
        Invite
      </Link>
    );
  }
  // Both steps need a connection.
  if (connectionId === null) return null;
  return name === "test" ? (
    <Link to="/integrations/connections/$id" params={{ id: connectionId }} className={look}>
      Send a test event
    </Link>
  ) : (
    <Link to="/integrations/connections/$id/verify" params={{ id: connectionId }} className={look}>
      Verify the signature
    </Link>
  );
}
