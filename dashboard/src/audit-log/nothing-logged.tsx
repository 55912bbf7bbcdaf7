import { ScrollText, SearchX } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";

type NothingLoggedProps = {
  isFiltered: boolean;
  /** Older entries were not looked at yet. */
  isMore: boolean;
  isSearching: boolean;
  onSearchOn: () => void;
  onClear: () => void;
};

export function NothingLogged({ isFiltered, isMore, isSearching, onSearchOn, onClear }: NothingLoggedProps) {
  if (!isFiltered) {
    return (
      <EmptyState icon={ScrollText} title="Nothing logged yet">
        Every change to a connection, a key or an account stands here, and every sign-in.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={SearchX}
      title={isMore ? "Nothing matches so far" : "Nothing matches"}
      action={
        <div className="flex flex-wrap justify-center gap-2">
          {isMore && (
            <Button variant="primary" busy={isSearching} onClick={onSearchOn}>
              Search older
            </Button>
          )}
          <Button onClick={onClear}>Clear filters</Button>
        </div>
      }
    >
      {isMore ? "Older entries have not been looked at yet." : "No entry is like that."}
    </EmptyState>
  );
}
