import { Link } from "@tanstack/react-router";
import { buttonStyle } from "../ui/button-style.ts";
import { Door } from "./door.tsx";

export function NotFoundPage() {
  return (
    <Door title="Page not found" lead="The address may be mistyped, or the page has moved.">
      <Link to="/integrations" className={buttonStyle("primary")}>
        Go to Integrations
      </Link>
    </Door>
  );
}
