import { ChevronDown, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { lazyPart } from "../ui/lazy-part.tsx";
import { pickerMove } from "./picker-keys.ts";

/** Loaded separately, when someone focuses a picker. */
const PickerList = lazyPart("The options", async () => (await import("./picker-list.tsx")).PickerList);

export type PickerOption = {
  readonly value: string;
  readonly label: string;
  /** Distinguishes options with the same label. */
  readonly note?: string | undefined;
  readonly count?: number | undefined;
};

export type PickerProps = {
  label: string;
  /** The label of no choice: "All connections". */
  allWord: string;
  values: readonly string[];
  onChange: (values: string[]) => void;
  /** The typed text. The caller keeps it, to look up the options. */
  text: string;
  onText: (text: string) => void;
  /** The options that match the text, best match first. */
  options: readonly PickerOption[];
  /** The label of a selected value that is not among the options; the value itself while the label is unknown. */
  labelOf?: (value: string) => string;
  /** Shown below the options: that there are more, that none matches, or that they could not be loaded. */
  note?: ReactNode;
  /** Set when a label outside refers to the field, as in a form. */
  id?: string;
  /** Called when the list opens, so that the options can be loaded. */
  onOpen?: () => void;
};

/**
 * A field that searches and selects several values: type to narrow down, arrows and Enter to select, Backspace to
 * remove. The selected values appear in it as chips.
 */
export function Picker(props: PickerProps) {
  const { label, allWord, values, text, onText, options, note, id } = props;
  const listId = useId();
  const field = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const picker = usePicker(props);
  const isListed = picker.isOpen && options.length > 0;
  return (
    <div
      ref={field}
      className="relative flex min-h-11 w-full min-w-0 flex-wrap items-center gap-1 rounded-control border border-control bg-surface pr-7 pl-1 md:py-1 focus-within:outline-2 focus-within:outline-accent md:min-h-9"
    >
      <Chips {...props} onRemoved={() => input.current?.focus()} />
      <input
        ref={input}
        id={id}
        type="text"
        role="combobox"
        aria-label={id === undefined ? label : undefined}
        aria-expanded={isListed}
        aria-controls={isListed ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={
          isListed && picker.highlighted >= 0 ? `${listId}-${picker.highlighted}` : undefined
        }
        placeholder={values.length === 0 ? allWord : ""}
        value={text}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => {
          onText(event.target.value);
          picker.open();
        }}
        onFocus={PickerList.preload}
        onClick={picker.open}
        onBlur={() => {
          picker.close();
          onText(""); // unselected text must not look like a filter
        }}
        onKeyDown={picker.onKeyDown}
        className="h-11 min-w-16 flex-1 bg-transparent px-2 text-card text-fg outline-none placeholder:text-subtle focus-visible:outline-none md:h-6 md:text-body"
      />
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-muted"
      />
      <p role="status" className="sr-only">
        {picker.isOpen && wordsFor(options.length)}
      </p>
      {picker.isOpen && (
        <PickerList
          id={listId}
          label={label}
          options={options}
          values={values}
          highlighted={picker.highlighted}
          note={note}
          anchor={field}
          onHighlight={picker.highlight}
          onChoose={picker.choose}
        />
      )}
    </div>
  );
}

/**
 * Handles keys and the pointer. After typing, Enter selects the first option; without text, an arrow key must come
 * first.
 */
function usePicker({ values, onChange, text, onText, options, onOpen }: PickerProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [chosenIndex, setHighlighted] = useState<number | null>(null);
  const highlighted = Math.min(chosenIndex ?? (text.trim() === "" ? -1 : 0), options.length - 1);
  const open = () => {
    if (!isOpen) onOpen?.();
    setIsOpen(true);
    setHighlighted(null);
  };
  const close = () => {
    setIsOpen(false);
    setHighlighted(null);
  };
  const choose = (index: number) => {
    const value = options[index]?.value;
    if (value === undefined) return;
    onChange(values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);
    if (text !== "") setHighlighted(null);
    onText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return;
    const move = pickerMove(event.key, {
      isOpen,
      highlighted,
      options: options.length,
      text,
      chosen: values.length,
    });
    if (move === null) return;
    event.preventDefault();
    event.stopPropagation(); // Esc closes only the list, not the dialog below it
    if (move.action === "open") open();
    if (move.action === "close") close();
    if (move.action === "clear-text") onText("");
    if (move.action === "remove-last") onChange(values.slice(0, -1));
    if (move.action === "highlight") setHighlighted(move.index);
    if (move.action === "choose") choose(move.index);
  };
  return { isOpen, highlighted, open, close, choose, onKeyDown, highlight: setHighlighted };
}

type ChipsProps = Pick<PickerProps, "label" | "values" | "onChange" | "labelOf"> & { onRemoved: () => void };

function Chips({ label, values, onChange, labelOf, onRemoved }: ChipsProps) {
  if (values.length === 0) return null;
  return (
    <ul aria-label={`${label}: chosen`} className="contents">
      {values.map((value) => (
        <li key={value} className="min-w-0 max-w-full">
          <button
            type="button"
            onClick={() => {
              onChange(values.filter((one) => one !== value));
              onRemoved();
            }}
            className="flex h-11 max-w-full items-center gap-1 rounded-badge bg-accent-soft px-2 text-table text-fg hover:bg-sunken md:h-6"
          >
            <span className="sr-only">Remove </span>
            <span className="truncate">{labelOf?.(value) ?? value}</span>
            <X aria-hidden className="size-3.5 shrink-0 text-muted" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function wordsFor(options: number): string {
  if (options === 0) return "No options.";
  return options === 1 ? "1 option" : `${options} options`;
}
