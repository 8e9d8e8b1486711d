const { createHmac, randomUUID } = require('node:crypto');

/** A session id with its signature. */
exports.createSession = secret => {
  const id = randomUUID();
  return `${id}.${createHmac('sha256', secret).update(id).digest('hex')}`;
};
