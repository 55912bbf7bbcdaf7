/** Redirects to the new place of a section if the URL contains its old anchor. */
export function followMoved(): void {
  const follow = () => {
    const place = document.getElementById(location.hash.slice(1));
    // Does not use `:target`, which applies only later.
    const link = place?.matches(".moved > li") ? place.querySelector("a") : null;
    if (link) location.replace(link.href);
  };
  follow();
  window.addEventListener("hashchange", follow);
}
