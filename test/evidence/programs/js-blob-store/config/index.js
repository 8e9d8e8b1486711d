// Everything that operations may want to know about is here.
module.exports = {
  http: {
    port: 9100,
    host: '0.0.0.0',
  },
  storage: {
    root: '/mnt/blobs',
    maxBytes: 4 << 20,
  },
  docs: {
    root: '/usr/share/doc/blob-store',
  },
};
