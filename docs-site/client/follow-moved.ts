/** Goes on to where a section has moved when the address names its former place. */
export function followMoved(): void {
  const follow = () => {
    const place = document.getElementById(location.hash.slice(1));
    // The style `:target` applies to it only later.
    const link = place?.matches(".moved > li") ? place.querySelector("a") : null;
    if (link) location.replace(link.href);
  };
  follow();
  window.addEventListener("hashchange", follow);
}
