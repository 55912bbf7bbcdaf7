import { Check } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";
import { count } from "../text/count.ts";
import { classNames } from "../ui/class-names.ts";
import type { PickerOption } from "./picker.tsx";

type PickerListProps = {
  id: string;
  label: string;
  options: readonly PickerOption[];
  values: readonly string[];
  highlighted: number;
  /** Says why there are no options, or that there are more. */
  note: ReactNode;
  anchor: RefObject<HTMLElement | null>;
  onHighlight: (index: number) => void;
  onChoose: (index: number) => void;
};

const GAP_PX = 4;
const EDGE_PX = 12;
const WIDTH_PX_MIN = 288;
const HEIGHT_PX_MAX = 352;
const HEIGHT_PX_MIN = 160;

/** The options of a picker, in the browser's top layer, so that no card, panel or dialog clips them. */
export function PickerList(props: PickerListProps) {
  const { id, label, options, values, highlighted, note, anchor, onHighlight, onChoose } = props;
  const popup = useRef<HTMLDivElement>(null);
  usePlace(popup, anchor, values.length);
  useEffect(() => {
    popup.current?.querySelector(`[data-index="${highlighted}"]`)?.scrollIntoView({ block: "nearest" });
  }, [highlighted]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it listens only to keep the focus in the field on a click
    <div
      ref={popup}
      popover="manual"
      onMouseDown={(event) => event.preventDefault()}
      className="inset-auto overflow-y-auto rounded-card border border-line bg-surface p-1 text-body text-fg shadow-popup"
    >
      {options.length > 0 && (
        <div role="listbox" id={id} aria-label={label} aria-multiselectable="true">
          {options.map((option, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox keeps the focus and handles the keys
            <div
              key={option.value}
              role="option"
              id={`${id}-${index}`}
              tabIndex={-1}
              aria-selected={values.includes(option.value)}
              data-index={index}
              onPointerMove={() => highlighted !== index && onHighlight(index)}
              onClick={() => onChoose(index)}
              className={classNames(
                "flex min-h-11 cursor-default items-center gap-2 rounded-control px-2 py-1 select-none md:min-h-8",
                highlighted === index && "bg-sunken outline-2 -outline-offset-2 outline-accent",
              )}
            >
              <OptionContent option={option} isChosen={values.includes(option.value)} />
            </div>
          ))}
        </div>
      )}
      {note && <div className="px-2 py-2 text-table text-muted">{note}</div>}
    </div>
  );
}

function OptionContent({ option, isChosen }: { option: PickerOption; isChosen: boolean }) {
  return (
    <>
      <Check aria-hidden className={classNames("size-4 shrink-0 text-accent", !isChosen && "invisible")} />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <span>{option.label}</span>
        {option.note !== undefined && (
          <span className="block text-badge text-muted">
            <span className="sr-only">, </span>
            {option.note}
          </span>
        )}
      </span>
      {option.count !== undefined && (
        <span className="text-table text-muted">
          <span className="sr-only">, </span>
          {count(option.count)}
        </span>
      )}
    </>
  );
}

/** Positions the list below the field, or above it if there is more space; never wider than the window. */
function usePlace(
  popup: RefObject<HTMLDivElement | null>,
  anchor: RefObject<HTMLElement | null>,
  chosen: number,
): void {
  const position = () => {
    const element = popup.current;
    if (element === null || anchor.current === null) return;
    if (!element.matches(":popover-open")) element.showPopover();
    const field = anchor.current.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const below = clientHeight - field.bottom - GAP_PX - EDGE_PX;
    const above = field.top - GAP_PX - EDGE_PX;
    const isBelow = below >= Math.min(HEIGHT_PX_MAX, Math.max(HEIGHT_PX_MIN, above));
    const width = Math.min(Math.max(field.width, WIDTH_PX_MIN), clientWidth - 2 * EDGE_PX);
    element.style.width = `${width}px`;
    element.style.maxHeight = `${Math.min(HEIGHT_PX_MAX, isBelow ? below : above)}px`;
    element.style.left = `${Math.max(EDGE_PX, Math.min(field.left, clientWidth - width - EDGE_PX))}px`;
    element.style.top = isBelow ? `${field.bottom + GAP_PX}px` : "auto";
    element.style.bottom = isBelow ? "auto" : `${clientHeight - field.top + GAP_PX}px`;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: adding or removing chips moves the field's edge
  useLayoutEffect(position, [popup, anchor, chosen]);
  const onMoved = useEffectEvent((event: Event) => {
    if (event.target !== popup.current) position();
  });
  useEffect(() => {
    const moved = (event: Event) => onMoved(event);
    addEventListener("scroll", moved, true);
    addEventListener("resize", moved);
    return () => {
      removeEventListener("scroll", moved, true);
      removeEventListener("resize", moved);
    };
  }, []);
}
