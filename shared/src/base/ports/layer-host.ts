/** What a host does to the bytes of layers, which the engine has no code for. */
export interface LayerHost {
  /**
   * What chunks decompress to, no more of them being asked for than that takes. Throws what `chunks` throws, and an error of its own where they are not of the format.
   * Members and frames that follow each other are one stream.
   */
  decompress(format: 'gzip' | 'zstd', chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** Starts a SHA-256. */
  hash(): LayerHash;
  /** Milliseconds since some moment. */
  now(): number;
}

/** A SHA-256 of bytes that come in parts. */
export interface LayerHash {
  update(bytes: Uint8Array): void;
  /** In lower-case hexadecimal. No more can follow. */
  end(): string;
}
