import type { ImageReference } from '../syntax/image/reference';
import { knownName } from './image-profiles';

/**
 * Images of distributions that make no releases: whatever tags they have are builds of a day, which get no fixes. `hello-world` has tags of platforms alone.
 * Sources, seen 2026-11: the README of gitlab.archlinux.org/archlinux/archlinux-docker ("tagged with their date", kept for a while, "the rolling release nature"),
 * en.opensuse.org/Portal:Tumbleweed, kali.org/docs/containers/official-kalilinux-docker-images (each follows a branch), the README of
 * github.com/gentoo/gentoo-docker-images (stages by date), docs.voidlinux.org ("a rolling release").
 */
const rolling =
  /^(?:hello-world|archlinux(?:\/archlinux)?|(?:registry\.opensuse\.org\/)?opensuse\/tumbleweed|kalilinux\/kali-[a-z-]+|gentoo\/stage3|(?:ghcr\.io\/void-linux|voidlinux)\/[a-z-]+)$/;

/** Whether an image has no releases, as those of some distributions, so that no version of it can be named. */
export function isRolling(reference: ImageReference): boolean {
  return rolling.test(knownName(reference));
}
