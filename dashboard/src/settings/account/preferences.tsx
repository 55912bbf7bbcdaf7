import { SingleKeysSwitch } from "../../shortcuts/single-keys-switch.tsx";
import { setTheme, useTheme } from "../../theme/theme.ts";
import { RadioChoice } from "../../ui/radio-choice.tsx";

const THEMES = [
  { value: "system", label: "System", description: "Follows this device." },
  { value: "light", label: "Light", description: "Dark text on a light page." },
  { value: "dark", label: "Dark", description: "Light text on a dark page." },
] as const;

/** What is kept in this browser, and takes effect at once. */
export function Preferences() {
  const theme = useTheme();
  return (
    <>
      <RadioChoice legend="Theme" value={theme} onChange={setTheme} options={THEMES} />
      <div className="flex flex-col gap-2">
        <h3 className="font-medium">Keyboard</h3>
        <SingleKeysSwitch />
        <p className="text-table text-muted">
          Turn single keys off if speech input or stray key presses trigger them. Ctrl K and ⌘ K always work.
        </p>
      </div>
    </>
  );
}
