import { DocsLink } from "../docs/docs-link.tsx";
import { closePopup } from "../shell/popup.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Keys } from "../ui/keys.tsx";
import { IS_MAC } from "../ui/platform.ts";
import { SHORTCUTS, type Shortcut } from "./shortcuts.ts";
import { useSingleKeys } from "./single-keys.ts";
import { SingleKeysSwitch } from "./single-keys-switch.tsx";

const PLACES = ["Everywhere", "In lists", "On a delivery"] as const satisfies Shortcut["where"][];
const SEARCH = { keys: IS_MAC ? "⌘ K" : "Ctrl K", words: "Search pages, connections and ids" };

/** Every shortcut, and the switch that turns single-key shortcuts off. */
export function HelpDialog() {
  const isOn = useSingleKeys();
  return (
    <Dialog
      open
      onOpenChange={() => closePopup()}
      returnsFocus={false}
      title="Keyboard shortcuts"
      description="Off while you type and while a dialog is open."
    >
      <SingleKeysSwitch className="mt-4" />
      {PLACES.map((place) => (
        <section key={place} aria-label={place} className="mt-5">
          <h3 className="mb-1 text-badge text-muted">{place}</h3>
          <ul className="divide-y divide-line">
            {place === "Everywhere" && <Row {...SEARCH} isOn />}
            {SHORTCUTS.filter(({ where }) => where === place).map(({ keys, words, action }) => (
              <Row key={keys} keys={keys} words={words} isOn={isOn || action === undefined} />
            ))}
          </ul>
        </section>
      ))}
      <p className="mt-5 text-table text-muted">
        The same list: <DocsLink topic="keyboard shortcuts" />
      </p>
    </Dialog>
  );
}

function Row({ keys, words, isOn }: { keys: string; words: string; isOn: boolean }) {
  return (
    <li className="flex items-center justify-between gap-4 py-2">
      <span>
        {words}
        {!isOn && <span className="text-muted"> (off)</span>}
      </span>
      <span className="sr-only">: {keys}</span>
      <Keys keys={keys} />
    </li>
  );
}
