import { Link } from "@tanstack/react-router";
import { buttonStyle } from "../ui/button-style.ts";
import { Door } from "./door.tsx";

export function NotFoundPage() {
  return (
    <Door title="There is no page here" lead="The address may be mistyped, or the page has moved.">
      <Link to="/" className={buttonStyle("primary")}>
        Go to the overview
      </Link>
    </Door>
  );
}
