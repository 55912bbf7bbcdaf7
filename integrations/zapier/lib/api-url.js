/** The URL of an API path on the caller's own server. People paste the server's URL with or without a page's path. */
function apiUrl({ authData }, path) {
  return `${String(authData.server_url).trim().replace(/\/+$/, "")}${path}`;
}

module.exports = { apiUrl };
