/**
 * Radix's scroll lock adds a `<style>` element, which a strict Content-Security-Policy blocks unless it has the page's
 * nonce. The underlying library (get-nonce) reads the nonce from this global.
 */
export function allowOwnStyles(): void {
  const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce;
  if (nonce) Object.assign(globalThis, { __webpack_nonce__: nonce });
}
