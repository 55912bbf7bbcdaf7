// Code generated from package.json by "npm run generate". DO NOT EDIT.

package opensend

// Version of the client, which is that of OpenSend.
const Version = "0.1.0"
