/**
 * Radix's scroll lock adds a `<style>` element, which a strict Content-Security-Policy refuses without the nonce of
 * the page. The library underneath (get-nonce) looks for it in this global.
 */
export function allowOwnStyles(): void {
  const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce;
  if (nonce) Object.assign(globalThis, { __webpack_nonce__: nonce });
}
