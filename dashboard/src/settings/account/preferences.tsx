import { SingleKeysSwitch } from "../../shortcuts/single-keys-switch.tsx";
import { setTheme, useTheme } from "../../theme/theme.ts";
import { RadioChoice } from "../../ui/radio-choice.tsx";
import { saveTimeZone, useTimeZone } from "../../ui/time-zone.ts";

const THEMES = [
  { value: "system", label: "System", description: "Follows this device." },
  { value: "light", label: "Light", description: "Dark text on a light page." },
  { value: "dark", label: "Dark", description: "Light text on a dark page." },
] as const;

const ZONES = [
  { value: "local", label: "Local", description: "Times are shown in the time zone of this device." },
  { value: "utc", label: "UTC", description: "Times are shown in UTC, as logs and the API have them." },
] as const;

/** Preferences of this browser, which take effect immediately. */
export function Preferences() {
  const theme = useTheme();
  const zone = useTimeZone();
  return (
    <>
      <RadioChoice legend="Theme" value={theme} onChange={setTheme} options={THEMES} />
      <RadioChoice legend="Times" value={zone} onChange={saveTimeZone} options={ZONES} />
      <div className="flex flex-col gap-2">
        <h3 className="font-medium">Keyboard</h3>
        <SingleKeysSwitch />
        <p className="text-table text-muted">
          Turn this off if speech input or accidental key presses trigger shortcuts. Ctrl K and ⌘ K always
          work.
        </p>
      </div>
    </>
  );
}
