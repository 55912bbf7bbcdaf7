/** A path of the API on the caller's own server, whose address people paste with or without a page behind it. */
function apiUrl({ authData }, path) {
  return `${String(authData.server_url).trim().replace(/\/+$/, "")}${path}`;
}

module.exports = { apiUrl };
