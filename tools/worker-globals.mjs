// What a package takes for granted and a worker does not have. dockerfile-ast looks for a byte order mark through Buffer.
const encoder = new TextEncoder();

/** As much of Node's Buffer as is used: the bytes of a text. */
export const Buffer = { from: text => encoder.encode(text) };
