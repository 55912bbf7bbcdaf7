/** Adds the key to requests to the caller's own server. */
function authorize(request, _z, bundle) {
  request.headers = {
    ...request.headers,
    accept: "application/json",
    authorization: `Bearer ${bundle.authData.api_key}`,
  };
  return request;
}

module.exports = { authorize };
