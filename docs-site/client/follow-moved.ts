/** Goes on to where a section has moved when the address names its former place. */
export function followMoved(): void {
  const follow = () => {
    const link = document.querySelector<HTMLAnchorElement>(".moved > li:target > a");
    if (link !== null) location.replace(link.href);
  };
  follow();
  window.addEventListener("hashchange", follow);
}
