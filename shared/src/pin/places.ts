import { detectSource } from '../source/detect';
import { dockerfilePlaces } from '../families/dockerfile/images';
import type { ImagePlace } from './types';
import { yamlPlaces } from './yaml-places';

/** The places of a file that name an image, in order. `path` is relative, with `/`; `languageId` is the editor's. */
export function imagePlaces(path: string, text: string, languageId?: string): readonly ImagePlace[] {
  const source = detectSource(path, text, languageId);
  if (source.family === 'dockerfile') return dockerfilePlaces(text);
  return yamlPlaces(text, source);
}
