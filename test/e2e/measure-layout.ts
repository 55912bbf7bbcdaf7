/**
 * Finds layout faults of a page, one sentence each: sideways scrolling, text that is cut off, columns without width,
 * cells that overlap. A string, because this file is type-checked without the DOM's types.
 */
export const LAYOUT_FAULTS = `(() => {
  const faults = new Set();
  const say = (what, one) => faults.add(what + ": " + nameOf(one));
  const nameOf = (one) => {
    const text = one.textContent.trim().replace(/\\s+/g, " ").slice(0, 40);
    return "<" + one.tagName.toLowerCase() + "> " + JSON.stringify(text);
  };
  const isShown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    one.closest(".sr-only, dialog:not([open])") === null && !isForTheEar(one);
  /** Clipped to a pixel for those who hear the page. */
  const isForTheEar = (one) => {
    for (let at = one; at !== null; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.position === "absolute" && at.clientWidth <= 1 && at.clientHeight <= 1) return true;
    }
    return false;
  };
  const isMeantToScroll = (one) => one.closest("pre, textarea, input, select, [role=tablist], [role=tree]") !== null;

  if (document.documentElement.scrollWidth > innerWidth) {
    faults.add("the page scrolls sideways by " + (document.documentElement.scrollWidth - innerWidth) + " px");
  }

  /** The elements that have text of their own, each with the box of that text. */
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.data.trim() === "") continue;
    const one = node.parentElement;
    if (one.closest("script, style, noscript, svg, option, title") !== null || !isShown(one)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    texts.push({ one, box: range.getBoundingClientRect(), lines: [...range.getClientRects()] });
  }

  for (const { one, box } of texts) {
    if (box.width < 1) say("no width is left for", one);
    if (isMeantToScroll(one)) continue;
    if (box.right > innerWidth + 1 || box.left < -1) say("out of the window", one);
    for (let at = one; at !== null && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.overflowX === "visible" || at.clientWidth === 0) continue;
      const inner = at.getBoundingClientRect();
      if (box.right <= inner.right + 1.5 && box.left >= inner.left - 1.5) continue;
      const endsInEllipsis = style.textOverflow === "ellipsis";
      const isTold = at.closest("[title]") !== null || at.querySelector("[title]") !== null;
      if (!endsInEllipsis) say("cut off", one);
      else if (at.clientWidth < 56) say("cut down to " + at.clientWidth + " px", one);
      else if (!isTold) say("cut off without a title that has all of it", one);
      break;
    }
  }

  const rows = [...document.querySelectorAll("main [data-row], main tr, main li")].filter(isShown).slice(0, 40);
  for (const row of rows) {
    const own = texts.filter(({ one }) => row.contains(one) && !isMeantToScroll(one)).slice(0, 40);
    own.forEach((first, index) => {
      for (const second of own.slice(index + 1)) {
        if (first.lines.some((a) => second.lines.some((b) => overlap(visible(a, first.one), visible(b, second.one))))) {
          faults.add("overlap: " + nameOf(first.one) + " and " + nameOf(second.one));
        }
      }
    });
  }
  function overlap(a, b) {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return wide > 2 && high > 4;
  }
  /** Of a line that ends in an ellipsis, what is left of it. */
  function visible(line, one) {
    let { left, right, top, bottom } = line;
    for (let at = one; at !== null && at.tagName !== "MAIN"; at = at.parentElement) {
      if (getComputedStyle(at).overflowX === "visible") continue;
      const inner = at.getBoundingClientRect();
      left = Math.max(left, inner.left);
      right = Math.min(right, inner.right);
      top = Math.max(top, inner.top);
      bottom = Math.min(bottom, inner.bottom);
    }
    return { left, right, top, bottom };
  }
  return [...faults];
})()`;

/** The visible text of each of the first rows of the page's list. */
export const ROW_TEXTS = `(() => {
  const marked = [...document.querySelectorAll("main [data-row]")];
  const rows = marked.length > 0 ? marked : [...document.querySelectorAll("main tbody tr, main ul > li")];
  const shown = rows.filter((row) => row.checkVisibility() && row.closest(".sr-only") === null);
  return shown.slice(0, 5).map((row) => row.innerText.replace(/\\s+/g, " "));
})()`;
