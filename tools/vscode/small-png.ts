import { deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';

/** Colours of a picture with a palette. */
const paletteSize = 256;

interface Decoded {
  readonly width: number;
  readonly height: number;
  /** Four bytes for each pixel, in base 64. */
  readonly pixels: string;
}

/** Runs in the page, whose types are not known here. */
const decode = `async source => {
  const bytes = Uint8Array.from(atob(source), char => char.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  let text = '';
  for (let at = 0; at < data.length; at += 4096) text += String.fromCharCode(...data.subarray(at, at + 4096));
  return { width, height, pixels: btoa(text) };
}`;

/**
 * A picture with a palette in place of a picture with 16 million colours: text on plain ground loses nothing that one would see, and two thirds of its bytes.
 * @param page decodes the picture; it may show anything
 */
export async function smallPng(page: Page, png: Buffer): Promise<Buffer> {
  const { width, height, pixels } = await page.evaluate<Decoded>(`(${decode})(${JSON.stringify(png.toString('base64'))})`);
  return encode(width, height, Buffer.from(pixels, 'base64'));
}

/** @param rgba four bytes for each pixel; nothing is transparent */
function encode(width: number, height: number, rgba: Buffer): Buffer {
  const counts = new Map<number, number>();
  for (let at = 0; at < rgba.length; at += 4) {
    const color = rgba.readUIntBE(at, 3);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const palette = [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, paletteSize)
    .map(([color]) => color);
  const nearest = new Map<number, number>();
  const indexOf = (color: number): number => {
    let best = nearest.get(color);
    if (best === undefined) {
      const distances = palette.map(other => distance(color, other));
      nearest.set(color, (best = distances.indexOf(Math.min(...distances))));
    }
    return best;
  };
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) lines[y * (width + 1) + x + 1] = indexOf(rgba.readUIntBE((y * width + x) * 4, 3));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // eight bits, of a palette
  header.set([8, 3, 0, 0, 0], 8);
  const colors = Buffer.from(palette.flatMap(color => [color >> 16, (color >> 8) & 255, color & 255]));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', colors),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function distance(a: number, b: number): number {
  return [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const result = Buffer.alloc(body.length + 8);
  result.writeUInt32BE(data.length, 0);
  body.copy(result, 4);
  result.writeUInt32BE(crc(body), body.length + 4);
  return result;
}

/** The checksum of PNG (ISO 3309). */
function crc(data: Buffer): number {
  let value = 0xffffffff;
  for (const byte of data) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}
