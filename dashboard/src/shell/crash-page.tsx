import { Link, useRouter } from "@tanstack/react-router";
import { problemFrom } from "../api/problem.ts";
import { Button } from "../ui/button.tsx";
import { buttonStyle } from "../ui/button-style.ts";
import { isNotFetched, NOT_FETCHED_WORDS } from "../ui/not-fetched.ts";
import { PageHeader } from "../ui/page.tsx";
import { StandalonePage } from "./standalone-page.tsx";

type CrashProps = { error: unknown };

/** Replaces the whole window when nothing else can be rendered. */
export function CrashPage({ error }: CrashProps) {
  const { title, text } = wordsFor(error);
  return (
    <StandalonePage title={title} lead={text}>
      <RecoveryActions error={error} />
    </StandalonePage>
  );
}

/** Replaces one page; the navigation remains beside it. */
export function CrashedContent({ error }: CrashProps) {
  const { title, text } = wordsFor(error);
  return (
    <>
      <PageHeader title={title}>{text}</PageHeader>
      <RecoveryActions error={error} />
    </>
  );
}

function RecoveryActions({ error }: CrashProps) {
  const router = useRouter();
  const canRetry = !isDashboardFault(error);
  return (
    <div className="flex flex-wrap gap-2">
      <Button variant="primary" onClick={() => (canRetry ? void router.invalidate() : location.reload())}>
        {canRetry ? "Try again" : "Reload"}
      </Button>
      <Link to="/" className={buttonStyle("secondary")}>
        Go to the overview
      </Link>
    </div>
  );
}

function wordsFor(error: unknown): { title: string; text: string } {
  if (!isDashboardFault(error))
    return { title: "This page could not be loaded", text: problemFrom(error).message };
  if (isNotFetched(error)) return { title: "This page could not be loaded", text: NOT_FETCHED_WORDS };
  return {
    title: "This page stopped working",
    text: "The dashboard failed to show this page. Stored data and deliveries are not affected.",
  };
}

function isDashboardFault(error: unknown): boolean {
  return problemFrom(error).code === "dashboard_fault";
}
