import { Link } from "@tanstack/react-router";
import { buttonStyle } from "../ui/button-style.ts";
import { StandalonePage } from "./standalone-page.tsx";

export function NotFoundPage() {
  return (
    <StandalonePage title="There is no page here" lead="The address may be mistyped, or the page has moved.">
      <Link to="/" className={buttonStyle("primary")}>
        Go to the overview
      </Link>
    </StandalonePage>
  );
}
