const RETRY_AFTER_DEFAULT_S = 60;

/** Converts a problem (RFC 9457) to the error that Zapier shows. */
function explainProblem(response, z) {
  const isGoneAlready = response.status === 404 && response.request.method === "DELETE";
  if (response.status < 400 || isGoneAlready) return response;
  const { title, detail, code } = problemOf(response);
  const message = [title, detail].filter(Boolean).join(". ") || `OpenSend responded with ${response.status}`;
  if (response.status === 429 || response.status === 503) {
    throw new z.errors.ThrottledError(message, secondsOf(response.getHeader("retry-after")));
  }
  // Makes Zapier ask for new credentials, so only for a key that no longer works.
  if (response.status === 401) throw new z.errors.ExpiredAuthError(message);
  throw new z.errors.Error(message, code ?? "OpenSend", response.status);
}

function problemOf({ content }) {
  try {
    const problem = JSON.parse(content);
    return typeof problem === "object" && problem !== null ? problem : {};
  } catch {
    return {};
  }
}

function secondsOf(retryAfter) {
  return /^\d{1,5}$/.test(retryAfter ?? "") ? Number(retryAfter) : RETRY_AFTER_DEFAULT_S;
}

module.exports = { explainProblem };
