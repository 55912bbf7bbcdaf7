import { TextField } from "./text-field.tsx";

type EventTypeFieldProps = { value: string | undefined; onChange: (value: string | undefined) => void };

export function EventTypeField(props: EventTypeFieldProps) {
  return <TextField label="Event type" {...props} />;
}
