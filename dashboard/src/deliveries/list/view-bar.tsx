import { Link } from "@tanstack/react-router";
import { Bookmark, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { focusTitle } from "../../navigation/focus-heading.ts";
import { useSession } from "../../session/session-query.ts";
import { Button } from "../../ui/button.tsx";
import { Input } from "../../ui/input.tsx";
import { type DeliveryFilter, isFiltered, readDeliveryFilter } from "../delivery-filter.ts";
import { DEFAULT_VIEWS, NAME_LENGTH_MAX, savedPart, storageKeyOf, useSavedViews } from "./saved-views.ts";

const ALL = { name: "All", filter: readDeliveryFilter({}) };

/** Saved filters: the defaults, and those a person saved in this browser for this workspace. */
export function ViewBar({ filter }: { filter: DeliveryFilter }) {
  const { user, workspace } = useSession();
  const saved = useSavedViews(storageKeyOf(user.id, workspace.id));
  const [isNaming, setIsNaming] = useState(false);
  const key = JSON.stringify(filter);
  const kept = savedPart(filter);
  const views = [ALL, ...DEFAULT_VIEWS, ...saved.views];
  const current = views.find((view) => JSON.stringify(view.filter) === key);
  const isOwn = current !== undefined && saved.views.includes(current);
  const canSave = current === undefined && (isFiltered(kept) || kept.sort !== undefined);
  return (
    <nav aria-label="Views" className="mb-3 flex flex-wrap items-center gap-1">
      {views.map((view) => (
        <Link
          key={`${view.name} ${JSON.stringify(view.filter)}`}
          to="/deliveries"
          search={(before) => ({ ...view.filter, live: before.live })}
          preload={false}
          resetScroll={false}
          activeOptions={{ exact: true }}
          aria-current={view === current ? "page" : undefined}
          className="inline-flex h-11 max-w-56 min-w-11 items-center justify-center rounded-control px-3 text-muted hover:bg-sunken hover:text-fg aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent md:h-8"
        >
          <span className="truncate" title={view.name}>
            {view.name}
          </span>
        </Link>
      ))}
      {isOwn && (
        <Button
          variant="quiet"
          className="md:h-8!"
          onClick={() => {
            focusTitle();
            saved.remove(current.name);
          }}
        >
          <X aria-hidden className="size-4" />
          Remove view
        </Button>
      )}
      {canSave && !isNaming && (
        <Button variant="quiet" className="md:h-8!" onClick={() => setIsNaming(true)}>
          <Bookmark aria-hidden className="size-4" />
          Save view
        </Button>
      )}
      {canSave && isNaming && (
        <NameForm
          onSave={(name) => {
            focusTitle();
            saved.keep(name, filter);
            setIsNaming(false);
          }}
          onCancel={() => {
            focusTitle();
            setIsNaming(false);
          }}
        />
      )}
    </nav>
  );
}

function NameForm({ onSave, onCancel }: { onSave: (name: string) => void; onCancel: () => void }) {
  const [name, setName] = useState("");
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") onSave(name);
  };
  return (
    <form onSubmit={save} className="flex flex-wrap items-center gap-1">
      <Input
        autoFocus
        aria-label="Name of the view"
        placeholder="Name of the view"
        value={name}
        maxLength={NAME_LENGTH_MAX}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onCancel()}
        className="w-48! md:h-8!"
      />
      <Button
        type="submit"
        className="md:h-8!"
        disabledReason={name.trim() === "" ? "Enter a name first." : null}
      >
        Save
      </Button>
      <Button variant="quiet" className="md:h-8!" onClick={onCancel}>
        Cancel
      </Button>
    </form>
  );
}
