import { createFileRoute, Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { focusHeading } from "../navigation/focus-heading.ts";
import { ResetForm } from "../session/reset-form.tsx";
import { forgetResetToken, resetToken, takeResetToken } from "../session/reset-token.ts";
import { CrashPage } from "../shell/crash-page.tsx";
import { StandalonePage } from "../shell/standalone-page.tsx";
import { buttonStyle } from "../ui/button-style.ts";

export const Route = createFileRoute("/reset-password")({
  component: ResetPasswordPage,
  errorComponent: CrashPage,
});

type State = "asking" | "done" | "invalid";

function ResetPasswordPage() {
  const [token, setToken] = useState(resetToken);
  const [state, setState] = useState<State>(token === null ? "invalid" : "asking");
  useEffect(() => {
    // Pasting another link into the address bar changes only the hash and loads no page.
    const readNewToken = () => {
      takeResetToken();
      setToken(resetToken());
      setState(resetToken() === null ? "invalid" : "asking");
    };
    addEventListener("hashchange", readNewToken);
    return () => removeEventListener("hashchange", readNewToken);
  }, []);
  const end = (next: State) => {
    forgetResetToken();
    setState(next);
  };
  if (state === "done") return <Done />;
  if (state === "invalid" || token === null) return <Invalid />;
  return (
    <StandalonePage title="Set a new password" lead="All sessions of your account end.">
      <ResetForm key={token} token={token} onDone={() => end("done")} onInvalid={() => end("invalid")} />
    </StandalonePage>
  );
}

function Done() {
  useEffect(focusHeading, []);
  return (
    <StandalonePage title="Your password is set" lead="All sessions of your account have ended.">
      <Link to="/sign-in" className={buttonStyle("primary", "w-full")}>
        Sign in
      </Link>
    </StandalonePage>
  );
}

function Invalid() {
  useEffect(focusHeading, []);
  return (
    <StandalonePage
      title="This link is not valid"
      lead="It has expired, was replaced by a newer one, or has been used. Links work once, for one hour."
    >
      <Link to="/forgot-password" className={buttonStyle("primary", "w-full")}>
        Ask for a new link
      </Link>
    </StandalonePage>
  );
}
